import { roles, type Role } from "../model/members";
import type { Seed } from "./seed";

/** Names in the example. */
export interface ExampleArgs {
  /** Full path of the project, such as `web/gatsby-site`, in its own group. */
  readonly project: string;
  /** File with the token of the bot that deploys. */
  readonly botTokenFile: string;
  /** Returns the file with the token of the user with that role, or of the administrator. */
  readonly tokenFile: (username: Role | "admin") => string;
}

/**
 * Computes a seed that resembles a team's GitLab: the group and its project, the bot that deploys, and a user for
 * every role, with the role as name. Each has a token of scope `api`. There is an open merge request with a note.
 */
export function computeExampleSeed({ project, botTokenFile, tokenFile }: ExampleArgs): Seed {
  const [group = ""] = project.split("/");
  const people = Object.keys(roles) as Role[];
  const token = (name: string, valueFile: string) => ({
    name,
    scopes: ["api"] as const,
    valueFile,
  });
  return {
    users: [
      {
        username: "slipway",
        name: "Slipway",
        personalAccessTokens: [token("slipway", botTokenFile)],
      },
      ...([...people, "admin"] as const).map((username) => ({
        username,
        name: `The ${username}`,
        admin: username === "admin",
        personalAccessTokens: [token("example", tokenFile(username))],
      })),
    ],
    groups: [{ path: group }],
    projects: [{ path: project }],
    members: [
      { username: "slipway", role: "owner", group },
      ...people.map((role) => ({ username: role, role, group })),
    ],
    mergeRequests: [
      {
        project,
        author: "developer",
        title: "Write a first post",
        sourceBranch: "first-post",
        description: "One more page, so that there is something to look at.",
        notes: [{ author: "maintainer", body: "Thanks! How does it look?" }],
      },
    ],
  };
}
