import type { GitLabClient } from "../gitlab/client";
import { readStackGitLab } from "../gitlab/connection";
import { GitLabError } from "../gitlab/gitlabError";
import { countTokens, findStackTokens } from "../gitlab/stackTokens";
import type { Inspection } from "./inspection";
import type { Finding } from "./step";

/** Finds deploy tokens with the stack's names that its state does not know. */
export async function findOrphans(
  inspection: Inspection,
  client: GitLabClient,
): Promise<Finding[]> {
  const [stack, state] = [inspection.find("stack"), inspection.find("state")];
  if (stack === undefined || state === undefined || state.resources.length === 0) return [];
  try {
    const owner = await readStackGitLab(stack, stack.pulumi, inspection.io.env);
    const { unknown } = await findStackTokens(client, owner, () => Promise.resolve(state));
    if (unknown.length === 0) return [];
    return [
      {
        cause: `${countTokens(unknown.length)} named like those of \`${stack.stack}\` ${unknown.length === 1 ? "is" : "are"} not in its state.`,
        remedy: `npx slipway tokens ${stack.stack}    # lists them; --prune revokes them`,
      },
    ];
  } catch (error) {
    if (!(error instanceof GitLabError)) throw error;
    return [];
  }
}
