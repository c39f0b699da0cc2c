import fastify, { type FastifyInstance } from "fastify";

import { serveContainerProtectionRules } from "./api/containerProtectionRules";
import { serveContainerRepositories } from "./api/containerRepositories";
import { serveContainerTagProtectionRules } from "./api/containerTagProtectionRules";
import { serveContainerTags } from "./api/containerTags";
import { serveCiVariables } from "./api/ciVariables";
import { serveDeployments } from "./api/deployments";
import { serveDeployTokens } from "./api/deployTokens";
import { serveEnvironments } from "./api/environments";
import { serveGroups } from "./api/groups";
import { serveHealth } from "./api/health";
import { serveJobTokenScope } from "./api/jobTokenScope";
import { serveJobs } from "./api/jobs";
import { serveMembers } from "./api/members";
import { serveMergeRequestMerging } from "./api/mergeRequestMerging";
import { serveMergeRequests } from "./api/mergeRequests";
import { serveMergeRequestWriting } from "./api/mergeRequestWriting";
import { serveNotes } from "./api/notes";
import { servePersonalAccessTokens } from "./api/personalAccessTokens";
import { servePipelineListing } from "./api/pipelineListing";
import { servePipelines } from "./api/pipelines";
import { serveProjects } from "./api/projects";
import { serveProjectUpdate } from "./api/projectUpdate";
import { serveResourceAccessTokens } from "./api/resourceAccessTokens";
import { serveStaleEnvironments } from "./api/staleEnvironments";
import { serveStateEvents } from "./api/stateEvents";
import { serveUsers } from "./api/users";
import { serveUserTokens } from "./api/userTokens";
import { serveVersion } from "./api/version";
import { readBodies } from "./http/bodies";
import type { Faults } from "./control/faults";
import { injectFaults } from "./control/injectFaults";
import { recordEvents } from "./eventLog";
import type { GitLab } from "./gitlab";
import { banFailures, throttleRequests } from "./http/throttle";
import { keepMaintenance } from "./maintenance";
import { parseQuery, refuseMalformedText } from "./http/malformedText";
import { serveJwtAuth, type RegistryTokens } from "./registry/jwtAuth";
import { renderError, renderErrors } from "./http/renderErrors";
import { Routes } from "./http/routes";

/** The areas of the REST API, one file each. */
const areas: readonly ((api: FastifyInstance, gitlab: GitLab) => void)[] = [
  serveContainerProtectionRules,
  serveContainerRepositories,
  serveContainerTagProtectionRules,
  serveContainerTags,
  serveCiVariables,
  serveDeployments,
  serveDeployTokens,
  serveEnvironments,
  serveGroups,
  serveJobTokenScope,
  serveJobs,
  serveMembers,
  serveMergeRequestMerging,
  serveMergeRequests,
  serveMergeRequestWriting,
  serveNotes,
  servePersonalAccessTokens,
  servePipelineListing,
  servePipelines,
  serveProjects,
  serveProjectUpdate,
  serveResourceAccessTokens,
  serveStaleEnvironments,
  serveStateEvents,
  serveUsers,
  serveUserTokens,
  serveVersion,
];

/** GitLab's longest full path, encoded. */
const longestParameter = 1024;

/** GitLab's web server accepts bodies of any size; this limit protects the simulator's memory. */
const largestBodyBytes = 64 * 1024 * 1024;

/** Certificate and key of the server, both PEM. */
export interface Tls {
  readonly certificate: string;
  readonly key: string;
}

/** Arguments of {@link buildApp}. */
export interface AppArgs {
  readonly tls: Tls | undefined;
  readonly tokens: RegistryTokens;
  readonly faults: Faults;
  /** Receives one line for each request, and defects with their stack. */
  readonly log: (line: string) => void;
}

/** Builds the server: every route, and the hooks before all of them. */
export function buildApp(
  gitlab: GitLab,
  { tls, tokens, faults, log }: AppArgs,
): { readonly app: FastifyInstance; readonly routes: Routes } {
  const app: FastifyInstance = fastify({
    https: tls === undefined ? null : { cert: tls.certificate, key: tls.key },
    bodyLimit: largestBodyBytes,
    routerOptions: { maxParamLength: longestParameter, querystringParser: parseQuery },
    frameworkErrors: (error, _request, reply) => void renderError(error, reply, log),
  });

  const routes = new Routes(app);
  readBodies(app);
  app.addHook("onSend", (_request, reply, _payload, done) => {
    void reply.headers({ "x-content-type-options": "nosniff", "x-frame-options": "SAMEORIGIN" });
    done();
  });
  app.addHook("onResponse", (request, reply, done) => {
    // The route's pattern, because paths and queries may contain secrets.
    const route = request.routeOptions.url ?? "(no such route)";
    log(`${request.method} ${route} ${reply.statusCode} ${Math.round(reply.elapsedTime)} ms`);
    done();
  });
  renderErrors(app, gitlab, routes, log);
  recordEvents(app, gitlab);
  // A request passes these in this order.
  injectFaults(app, faults);
  banFailures(app, gitlab);
  throttleRequests(app, gitlab);
  keepMaintenance(app, gitlab);
  refuseMalformedText(app);

  serveHealth(app);
  serveJwtAuth(app, gitlab, tokens);
  void app.register(
    (api, _options, done) => {
      for (const serve of areas) serve(api, gitlab);
      done();
    },
    { prefix: "/api/v4" },
  );
  return { app, routes };
}
