import { readFileSync } from "node:fs";

import { Agent, request } from "undici";

import { ControlClient } from "../../../sandbox/gitlab/control/client";
import { inSandbox } from "./checkout";

export const host = "gitlab.thelinuxlabs.com";
export const registry = `${host}:5050`;
export const project = "web/gatsby-site";
export const group = "web";
/** Path in the REST API of the project that has most of the deploy tokens. */
export const ofProject = `projects/${encodeURIComponent(project)}`;
export const ofGroup = `groups/${group}`;

/** Client of the sandbox's GitLab, like an administrator's script. */
export interface TestGitLab {
  /** The personal access token of `make env`. */
  readonly token: string;
  readonly control: ControlClient;
  /** Calls the REST API with the token of `make env`; throws if the status is not the expected one. */
  api<T>(method: "GET" | "POST" | "PUT" | "DELETE", path: string, json?: object): Promise<T>;
  close(): Promise<void>;
}

/** Connects to the GitLab of the tests' shared sandbox. */
export async function connectGitLab(): Promise<TestGitLab> {
  const [token = "", control = "", authority = ""] = (
    await inSandbox('printf "%s\\n" "$GITLAB_TOKEN" "$SLIPWAY_GITLAB_CONTROL" "$SSL_CERT_FILE"')
  ).split("\n");
  // Its certificate has the address too, which needs no name from the sandbox's hosts file.
  const url = `https://${new URL(control).hostname}/api/v4`;
  const dispatcher = new Agent({ connect: { ca: readFileSync(authority) } });
  return {
    token,
    control: new ControlClient(control),
    api: async (method, path, json) => {
      const { body, statusCode } = await request(`${url}${path}`, {
        dispatcher,
        method,
        headers: { "private-token": token, ...(json && { "content-type": "application/json" }) },
        body: json && JSON.stringify(json),
      });
      const text = await body.text();
      if (statusCode >= 400) throw new Error(`${method} ${path}: ${statusCode} ${text}`);
      return (text === "" ? undefined : JSON.parse(text)) as never;
    },
    close: () => dispatcher.close(),
  };
}
