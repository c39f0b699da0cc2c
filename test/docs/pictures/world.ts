import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { checkout, createCheckout, git, inSandbox, make } from "../../e2e/support/checkout";
import { page } from "../../e2e/support/edit";
import { connectGitLab, project } from "../../e2e/support/gitlab";
import { removalOf } from "../../e2e/support/removal";

const main = "main";
const branch = "saturdays";
const folder = join(checkout, ".sandbox", "pictures");

/** What is on GitLab and in the sandbox, for pictures of it. */
export interface Seen {
  /** The note's Markdown, as GitLab has it. */
  readonly note: string;
  /** The page of `slipway status`. */
  readonly statusPage: string;
}

/**
 * Starts the tests' sandbox with the three stacks, previews an edited page as a merge request's pipeline does, and takes the edit
 * on its way to production.
 */
export async function playRelease(): Promise<Seen> {
  createCheckout();
  git(checkout, "branch", "--move", main);
  commit("The site", "--amend", "--reset-author");
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  await make("up");
  await inSandbox(
    `${["prod", "staging"].map(removalOf).join("; ")}; pulumi stack init staging --no-select; pulumi stack init prod --no-select`,
  );
  await inSandbox("npx slipway promote dev staging --yes; npx slipway promote staging prod --yes");

  git(checkout, "switch", "--quiet", "--create", branch);
  commitSentence("We deliver on Saturdays too.", "Say that we deliver on Saturdays");
  const note = await previewMergeRequest();

  git(checkout, "switch", "--quiet", main);
  git(checkout, "merge", "--quiet", "--ff-only", branch);
  await inSandbox("npx slipway up dev --yes && npx slipway promote dev staging --yes");
  commitSentence("Call us for Sundays.", "Say whom to ask about Sundays");
  await inSandbox("npx slipway up dev --yes");
  const statusPage = join(folder, "status.html");
  await inSandbox(`npx slipway status dev staging prod --html '${statusPage}'`);
  return { note, statusPage: readFileSync(statusPage, "utf8") };
}

/** Leaves the tests' sandbox without the stacks of this story. */
export async function endRelease(): Promise<void> {
  await inSandbox(["prod", "staging"].map(removalOf).join("; "));
  await make("down");
}

function commitSentence(sentence: string, message: string): void {
  const file = join(checkout, page);
  writeFileSync(file, readFileSync(file, "utf8").replace("</p>", ` ${sentence}</p>`));
  commit(message, "--all");
}

function commit(message: string, ...options: string[]): void {
  const identity = ["-c", "user.name=Ada Lovelace", "-c", "user.email=ada@example.com"];
  git(checkout, ...identity, "commit", "--quiet", "--message", message, ...options);
}

/** Runs the job `preview` of the branch's merge request, and reads the note that it writes. */
async function previewMergeRequest(): Promise<string> {
  // What `build_website` builds in the pipeline: dev's image has the same pages, and goes back to those of before.
  const pages = join(folder, "pages");
  mkdirSync(pages);
  const copy =
    "kubectl exec --namespace gatsby-site-dev deployment/gatsby-site -- tar -C /srv/site --exclude './.*' -c .";
  await inSandbox(`npx slipway up dev --yes && ${copy} | tar -C '${pages}' -x`);
  git(checkout, "switch", "--quiet", main);
  await inSandbox("npx slipway up dev --yes");
  git(checkout, "switch", "--quiet", branch);

  const gitlab = await connectGitLab();
  try {
    const path = `/projects/${encodeURIComponent(project)}/merge_requests`;
    const request = { source_branch: `${branch}-${Date.now()}`, target_branch: main };
    const { iid } = await gitlab.api<{ iid: number }>("POST", path, {
      ...request,
      title: "We deliver on Saturdays",
    });
    const { variables } = await gitlab.control.startJob({
      project,
      user: "maintainer",
      mergeRequest: iid,
      name: "preview",
    });
    const kept =
      /^CI_(API_V4_URL|MERGE_REQUEST_(IID|PROJECT_ID|TARGET_BRANCH_NAME)|PIPELINE_(ID|URL))$/;
    const job = Object.entries(variables)
      .filter(([name]) => kept.test(name))
      .map(([name, value]) => `${name}='${value}'`);
    const commit = git(checkout, "rev-parse", "--short=8", "HEAD").trim();
    await inSandbox(
      `export ${job.join(" ")} CI_COMMIT_SHORT_SHA=${commit} SLIPWAY_NOTE_TOKEN="$GITLAB_TOKEN"
      ci/preview.sh dev --pages '${pages}' --note`,
    );
    const notes = await gitlab.api<{ body: string }[]>("GET", `${path}/${iid}/notes`);
    const note = notes.find(({ body }) => body.startsWith("<!-- slipway:"));
    if (note === undefined) throw new Error("The merge request has no note.");
    return note.body;
  } finally {
    await gitlab.close();
  }
}
