import { readFileSync } from "node:fs";

import { Agent, request } from "undici";

import { ControlClient } from "../../../sandbox/gitlab/control/client";
import { inSandbox } from "./checkout";

export const host = "gitlab.thelinuxlabs.com";
export const registry = `${host}:5050`;
export const project = "web/gatsby-site";
export const group = "web";
/** Whose deploy tokens most are, in the REST API's paths. */
export const ofProject = `projects/${encodeURIComponent(project)}`;
export const ofGroup = `groups/${group}`;

/** The sandbox's GitLab, asked by a test as its administrator's script would. */
export interface TestGitLab {
  /** The personal access token of `make env`. */
  readonly token: string;
  readonly control: ControlClient;
  /** Calls the REST API with the token of `make env`; another status than expected is an error. */
  api<T>(method: "GET" | "POST" | "PUT" | "DELETE", path: string, json?: object): Promise<T>;
  close(): Promise<void>;
}

/** Connects to the GitLab of the sandbox that the tests share. */
export async function connectGitLab(): Promise<TestGitLab> {
  const [token = "", control = "", authority = ""] = (
    await inSandbox('printf "%s\\n" "$GITLAB_TOKEN" "$SLIPWAY_GITLAB_CONTROL" "$SSL_CERT_FILE"')
  ).split("\n");
  // Its certificate names the address too, which needs no look-up in the sandbox's hosts file.
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
