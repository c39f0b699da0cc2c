import { roles, type Role } from "../model/members";
import type { Seed } from "./seed";

/** Names of what the example is about. */
export interface ExampleArgs {
  /** Full path of the project, in a group of its own: `web/gatsby-site`. */
  readonly project: string;
  /** File with the token of the bot that deploys. */
  readonly botTokenFile: string;
  /** File with the token of the person who has that role, or of the administrator. */
  readonly tokenFile: (username: Role | "admin") => string;
}

/**
 * A team's GitLab as its administrator sets it up: the group and its project, the bot that deploys, and a
 * person of every role, called like it. Each has a token of scope `api`. A merge request is open, with a note.
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
