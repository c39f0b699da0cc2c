import type { Recipe } from "./matrixWorld";
import type { World } from "../support/world";

type Params = NonNullable<Recipe["params"]>;

/** The API's path of a place, without what is in it. */
const project = (place: string): string => `/projects/${encodeURIComponent(place)}`;

async function make(
  world: World,
  path: string,
  json: object,
): Promise<{ id: number; iid: number }> {
  const { status, text, body } = await world.api(path, { method: "POST", as: "admin", json });
  if (status !== 201) throw new Error(`${path}: ${status} ${text}`);
  return body as { id: number; iid: number };
}

let names = 0;

const mergeRequest: Params = async (world, place) => {
  const { iid } = await make(world, `${project(place)}/merge_requests`, {
    title: "m",
    source_branch: `m-${++names}`,
    target_branch: "next",
  });
  return { merge_request_iid: iid, noteable_id: iid, eventable_iid: iid };
};

const stateEvent: Params = async (world, place) => {
  const params = await mergeRequest(world, place);
  const path = `${project(place)}/merge_requests/${params["eventable_iid"]}`;
  await world.api(path, { method: "PUT", as: "admin", json: { state_event: "close" } });
  const { body } = await world.api(`${path}/resource_state_events`, { as: "admin" });
  return { ...params, event_id: (body as { id: number }[])[0].id };
};

const note: Params = async (world, place) => {
  const params = await mergeRequest(world, place);
  const path = `${project(place)}/merge_requests/${params["noteable_id"]}/notes`;
  return { ...params, note_id: (await make(world, path, { body: "m" })).id };
};

const environment: Params = async (world, place) => {
  const path = `${project(place)}/environments`;
  return { environment_id: (await make(world, path, { name: `m-${++names}` })).id };
};

const stoppedEnvironment: Params = async (world, place) => {
  const params = await environment(world, place);
  const path = `${project(place)}/environments/${params["environment_id"]}/stop`;
  await world.api(path, { method: "POST", as: "admin" });
  return params;
};

const deployment =
  (status: string): Params =>
  async (world, place) => {
    const json = { environment: "made", sha: "s", ref: "r", tag: false, status };
    const { id } = await make(world, `${project(place)}/deployments`, json);
    return { deployment_id: id };
  };

const pipeline: Params = async (world, place) => ({
  pipeline_id: (await make(world, `${project(place)}/pipeline`, { ref: "next" })).id,
});

const job =
  (status: "running" | "manual", ended = false): Params =>
  async (world, place) => {
    const made = await world.control.startJob({
      project: place,
      user: "developer",
      ref: "next",
      status,
    });
    if (ended) await world.control.endJob(made, "failed");
    return { job_id: made.id };
  };

/** Things of the place, in the project or in the group. */
const at = (kind: "projects" | "groups", place: string, what: string): string =>
  `/${kind}/${encodeURIComponent(place)}/${what}`;

const variable =
  (kind: "projects" | "groups"): Params =>
  async (world, place) => {
    const key = `M_${++names}`;
    await make(world, at(kind, place, "variables"), { key, value: "v" });
    return { key };
  };

const accessToken =
  (kind: "projects" | "groups"): Params =>
  async (world, place) => {
    const json = { name: "m", scopes: ["read_api"], access_level: 10 };
    return { token_id: (await make(world, at(kind, place, "access_tokens"), json)).id };
  };

/** The administrator, as a member or, so that it can be made one, as none. */
const member =
  (kind: "projects" | "groups", present: boolean): Params =>
  async (world, place) => {
    const { body } = await world.api("/users?username=admin", { as: "admin" });
    const [{ id }] = body as { id: number }[];
    const path = at(kind, place, "members");
    // Not in the group above either, where a role would be the least that it can have.
    for (const one of [path, at("groups", place.split("/", 1).join(""), "members")]) {
      await world.api(`${one}/${id}`, { method: "DELETE", as: "admin" });
    }
    if (present) await make(world, path, { user_id: id, access_level: 10 });
    return { user_id: id };
  };

/** Takes away what the request before has made, which would be in the way. */
const without =
  (what: "merge request" | "environment" | "variable"): Params =>
  async (world, place) => {
    const path = project(place);
    if (what === "merge request") {
      const query = "?source_branch=m&state=opened";
      const { body } = await world.api(`${path}/merge_requests${query}`, { as: "admin" });
      for (const { iid } of body as { iid: number }[]) {
        await world.api(`${path}/merge_requests/${iid}`, { method: "DELETE", as: "admin" });
      }
    } else if (what === "environment") {
      const { body } = await world.api(`${path}/environments?name=m`, { as: "admin" });
      for (const { id } of body as { id: number }[]) {
        await world.api(`${path}/environments/${id}/stop`, { method: "POST", as: "admin" });
        await world.api(`${path}/environments/${id}`, { method: "DELETE", as: "admin" });
      }
    } else {
      for (const kind of ["projects", "groups"] as const) {
        await world.api(at(kind, place, "variables/M"), { method: "DELETE", as: "admin" });
      }
    }
    return {};
  };

const mr = "/projects/:id/merge_requests/:merge_request_iid";
const notes = "/projects/:id/merge_requests/:noteable_id/notes";
const states = "/projects/:id/merge_requests/:eventable_iid/resource_state_events";
const environments = "/projects/:id/environments";
const deployments = "/projects/:id/deployments";
const pipelines = "/projects/:id/pipelines";
const jobs = "/projects/:id/jobs";

/** What requests to the areas around merge requests, deployments and pipelines need beside their route. */
export const collaborationRecipes: Record<string, Recipe> = {
  "POST /projects/:id/merge_requests": {
    params: without("merge request"),
    json: { title: "m", source_branch: "m", target_branch: "next" },
  },
  [`GET ${mr}`]: { params: mergeRequest },
  [`PUT ${mr}`]: { params: mergeRequest, json: { title: "n" } },
  [`DELETE ${mr}`]: { params: mergeRequest },
  [`PUT ${mr}/merge`]: { params: mergeRequest },
  [`GET ${mr}/pipelines`]: { params: mergeRequest },
  [`POST ${mr}/pipelines`]: { params: mergeRequest },
  [`GET ${states}`]: { params: stateEvent },
  [`GET ${states}/:event_id`]: { params: stateEvent },
  [`GET ${notes}`]: { params: note },
  [`POST ${notes}`]: { params: note, json: { body: "m" } },
  [`GET ${notes}/:note_id`]: { params: note },
  [`PUT ${notes}/:note_id`]: { params: note, json: { body: "n" } },
  [`DELETE ${notes}/:note_id`]: { params: note },
  [`POST ${environments}`]: { params: without("environment"), json: { name: "m" } },
  [`GET ${environments}/:environment_id`]: { params: environment },
  [`PUT ${environments}/:environment_id`]: { params: environment, json: { tier: "other" } },
  [`DELETE ${environments}/:environment_id`]: { params: stoppedEnvironment },
  [`POST ${environments}/:environment_id/stop`]: { params: environment },
  [`POST ${environments}/stop_stale`]: { json: { before: "2026-01-01" } },
  [`POST ${deployments}`]: {
    json: { environment: "made", sha: "s", ref: "r", tag: false, status: "running" },
  },
  [`GET ${deployments}/:deployment_id`]: { params: deployment("running") },
  [`PUT ${deployments}/:deployment_id`]: {
    params: deployment("running"),
    json: { status: "failed" },
  },
  [`DELETE ${deployments}/:deployment_id`]: { params: deployment("failed") },
  "POST /projects/:id/pipeline": { json: { ref: "next" } },
  [`GET ${pipelines}/latest`]: { params: pipeline, query: "?ref=next" },
  [`GET ${pipelines}/:pipeline_id`]: { params: pipeline },
  [`GET ${pipelines}/:pipeline_id/jobs`]: { params: pipeline },
  [`GET ${pipelines}/:pipeline_id/bridges`]: { params: pipeline },
  [`GET ${pipelines}/:pipeline_id/variables`]: { params: pipeline },
  [`POST ${pipelines}/:pipeline_id/cancel`]: { params: pipeline },
  [`POST ${pipelines}/:pipeline_id/retry`]: { params: pipeline },
  [`PUT ${pipelines}/:pipeline_id/metadata`]: { params: pipeline, json: { name: "m" } },
  [`DELETE ${pipelines}/:pipeline_id`]: { params: pipeline },
  [`GET ${jobs}/:job_id`]: { params: job("running") },
  [`GET ${jobs}/:job_id/trace`]: { params: job("running") },
  [`POST ${jobs}/:job_id/cancel`]: { params: job("running") },
  [`POST ${jobs}/:job_id/retry`]: { params: job("running", true) },
  [`POST ${jobs}/:job_id/play`]: { params: job("manual") },
  [`POST ${jobs}/:job_id/erase`]: { params: job("running", true) },
  ...recipesOf("projects"),
  ...recipesOf("groups"),
};

function recipesOf(kind: "projects" | "groups"): Record<string, Recipe> {
  const path = `/${kind}/:id`;
  return {
    [`POST ${path}/variables`]: { params: without("variable"), json: { key: "M", value: "v" } },
    [`GET ${path}/variables/:key`]: { params: variable(kind) },
    [`PUT ${path}/variables/:key`]: { params: variable(kind), json: { value: "w" } },
    [`DELETE ${path}/variables/:key`]: { params: variable(kind) },
    [`POST ${path}/access_tokens`]: { json: { name: "m", scopes: ["read_api"], access_level: 10 } },
    [`GET ${path}/access_tokens/:token_id`]: { params: accessToken(kind) },
    [`DELETE ${path}/access_tokens/:token_id`]: { params: accessToken(kind) },
    [`POST ${path}/access_tokens/:token_id/rotate`]: { params: accessToken(kind) },
    [`POST ${path}/members`]: {
      params: member(kind, false),
      json: { username: "admin", access_level: 10 },
    },
    [`GET ${path}/members/:user_id`]: { params: member(kind, true) },
    [`GET ${path}/members/all/:user_id`]: { params: member(kind, true) },
    [`PUT ${path}/members/:user_id`]: { params: member(kind, true), json: { access_level: 20 } },
    [`DELETE ${path}/members/:user_id`]: { params: member(kind, true) },
  };
}
