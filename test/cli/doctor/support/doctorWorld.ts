import { Inspection } from "../../../../cli/doctor/inspection";
import { runSteps } from "../../../../cli/doctor/run";
import type { StepResult } from "../../../../cli/doctor/step";
import { steps } from "../../../../cli/doctor/steps/index";
import { tokenOf, World } from "../../../sandbox/gitlab/support/world";
import { FakeIo } from "../../../support/cli";
import { type Handler, passOn, PrivateNetwork } from "../../../support/privateNetwork";

/** What `--username` and its variable have. */
export interface TriedLogin {
  readonly username: string;
  readonly password: string;
}

/** Answers like a registry that takes GitLab's tokens, and has no images. */
export const answerAsRegistry: Handler = ({ headers }, response) => {
  const challenge = 'Bearer realm="https://gitlab.test/jwt/auth",service="container_registry"';
  const hasToken = headers.authorization?.startsWith("Bearer ") === true;
  response.writeHead(hasToken ? 404 : 401, { "www-authenticate": challenge }).end();
};

/** A GitLab and its registry in a private network, and `slipway doctor` for them without a stack. */
export class DoctorWorld {
  public readonly network = new PrivateNetwork();
  public readonly gitlab = new World();
  /** How the registry answers. */
  public registry: Handler = answerAsRegistry;
  /** Variables in addition to those of the network. */
  public env: NodeJS.ProcessEnv = {};

  public async start(): Promise<void> {
    await Promise.all([this.network.start(), this.gitlab.start()]);
    await this.network.addHost("gitlab.test:443", (incoming, response) =>
      passOn(incoming, response, `${this.gitlab.address}${incoming.url}`),
    );
    await this.network.addHost("registry.test:5050", (incoming, response) =>
      this.registry(incoming, response),
    );
  }

  public async stop(): Promise<void> {
    await Promise.all([this.network.stop(), this.gitlab.stop()]);
  }

  /** Ends every fault. */
  public async reset(): Promise<void> {
    this.registry = answerAsRegistry;
    this.env = {};
    this.network.login = undefined;
    this.network.refuseWith = undefined;
    await this.gitlab.control.reset();
  }

  /** Runs the steps for a project. */
  public run(project: string, login?: TriedLogin): Promise<StepResult[]> {
    const io = new FakeIo({});
    io.env = {
      HTTPS_PROXY: this.network.proxy,
      SLIPWAY_CA_CERTIFICATE: this.network.ca,
      GITLAB_TOKEN: tokenOf("maintainer"),
      SLIPWAY_REGISTRY_PASSWORD: login?.password,
      ...this.env,
    };
    const request = {
      cwd: ".",
      registry: "registry.test:5050",
      project,
      gitlab: "https://gitlab.test",
      username: login?.username,
    };
    const chosen = steps.filter(({ needsStack = false }) => !needsStack);
    return runSteps(chosen, new Inspection(request, io));
  }
}

/** Each failed step with its causes. */
export function listCauses(results: readonly StepResult[]): Record<string, string[]> {
  return Object.fromEntries(
    results
      .filter(({ status }) => status === "failed")
      .map(({ findings = [], step }) => [step.id, findings.map(({ cause }) => cause)]),
  );
}
