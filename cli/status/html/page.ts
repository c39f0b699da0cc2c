import { createHash } from "node:crypto";

import type { Overview, StackOverview } from "../overview";
import { describeTime } from "../details";
import { describeAge, describeDaysLeft, nameRelease, shortenDigest } from "../words";
import { html, link, type Markup } from "./markup";
import { computeAnchor, findColor, renderPath, renderState } from "./path";
import { style } from "./style";

/** Maximum number of commits to list, as on a terminal. */
const listedCommits = 20;

/** Renders an overview as one HTML page. It loads nothing, runs nothing, and its policy allows neither. */
export function renderPage(overview: Overview): string {
  const { project, stacks, takenAt } = overview;
  const hash = createHash("sha256").update(style).digest("base64");
  const policy = `default-src 'none'; style-src 'sha256-${hash}'; img-src data:; base-uri 'none'; form-action 'none'`;
  // The style is added at the end: escaping it would break it.
  const page = html`<html lang="en">
    <head>
      <meta charset="utf-8" />
      <meta http-equiv="Content-Security-Policy" content="${policy}" />
      <meta name="viewport" content="width=device-width, initial-scale=1" />
      <meta name="robots" content="noindex" />
      <title>${project}: what runs where</title>
      <link rel="icon" href="data:," />
      <style></style>
    </head>
    <body>
      <header>
        <h1>${project}: what runs where</h1>
        <p class="quiet">${renderTime(takenAt)}</p>
      </header>
      <main>
        ${stacks.length === 0 && html`<p>The project has no stacks.</p>`}
        <h2>Promotion path</h2>
        ${renderPath(stacks)}
        <h2>Stacks</h2>
        <div class="details">${stacks.map(renderStack)}</div>
      </main>
    </body>
  </html>`;
  return `<!doctype html>\n${page.text.replace("<style></style>", () => `<style>${style}</style>`)}\n`;
}

function renderStack(stack: StackOverview): Markup {
  const { deployed, drift, environment, pin, pods, problems, registry, release, tier } = stack;
  const pages: readonly (readonly [string, string | undefined])[] = [
    ["registry", registry?.page],
    ["environment", environment?.page],
    ["job", deployed?.job],
  ];
  const known = pages.flatMap(([text, page]) => (page === undefined ? [] : [link(page, text)]));
  return html`<section class="card ${findColor(stack)}" id="${computeAnchor(stack.stack)}">
    <h3>${stack.stack} ${tier !== "" && html`<span class="quiet">${tier}</span>`}</h3>
    <p>${renderState(stack)}</p>
    ${stack.url !== undefined && html`<p>${link(stack.url, stack.url)}</p>`}
    <dl>
      ${renderTerm("drift", drift.length > 0 && renderList(drift.map(({ text }) => text)))}
      ${renderTerm(
        "errors",
        problems.length > 0 && renderList(problems.map(({ part, reason }) => `${part}: ${reason}`)),
      )}
      ${renderTerm("digest", release && html`<code>${release.digest}</code>`)}
      ${renderTerm("tags", registry && renderTags(registry))}
      ${renderTerm("commit", release && renderCommit(release))}
      ${renderTerm("since", deployed && renderDeployment(deployed))}
      ${renderTerm("pods", pods && renderPods(stack))}
      ${renderTerm("tokens", stack.tokens.length > 0 && renderTokens(stack))}
      ${renderTerm("pinned", pin && html`<code>${pin}</code>`)}
      ${renderTerm("next", stack.promotion?.isBehind && renderNext(stack))}
      ${renderTerm("pages", known.length > 0 && join(known))}
    </dl>
  </section>`;
}

function renderTerm(
  name: string,
  content: Markup | string | false | undefined,
): Markup | undefined {
  if (content === undefined || content === false || content === "") return undefined;
  return html`<dt>${name}</dt>
    <dd>${content}</dd>`;
}

function renderList(texts: readonly string[]): Markup {
  return html`<ul>
    ${texts.map((text) => html`<li>${text}</li>`)}
  </ul>`;
}

function join(parts: readonly Markup[]): Markup {
  return html`${parts.map((part, index) => html`${index > 0 && ", "}${part}`)}`;
}

function renderTime(time: string): Markup {
  return html`<time datetime="${time}">${describeTime(time)}</time>`;
}

function renderTags({ createdAt, tags }: NonNullable<StackOverview["registry"]>): Markup {
  const names = tags.length === 0 ? html`none` : join(tags.map((tag) => html`<code>${tag}</code>`));
  return html`${names}${createdAt !== undefined && html`; image of ${renderTime(createdAt)}`}`;
}

function renderCommit(release: NonNullable<StackOverview["release"]>): Markup | undefined {
  const { author, authoredAt, commit, subject } = release;
  if (commit === "") return undefined;
  const id = html`<code>${nameRelease({ ...release, version: "" })}</code>`;
  return subject === undefined
    ? id
    : html`${id} ${subject}<br /><span class="quiet"
          >${author}, ${authoredAt !== undefined && renderTime(authoredAt)}</span
        >`;
}

function renderDeployment(deployed: NonNullable<StackOverview["deployed"]>): Markup {
  const { ageSeconds, at, by, from } = deployed;
  const origin =
    from !== "" &&
    html`<br /><span class="quiet">from ${from}${by !== undefined && `, by ${by}`}</span>`;
  return html`${renderTime(at)} (${describeAge(ageSeconds)})${origin}`;
}

function renderPods({ pods, release }: StackOverview): Markup {
  const { digests = [], ready, waiting = [], wanted } = pods ?? {};
  const others = digests
    .filter(({ digest }) => digest !== release?.digest)
    .map(({ digest, pods: count }) => `${count} with ${shortenDigest(digest)}`);
  return html`${[`${ready} of ${wanted} ready`, ...others, ...waiting].join(", ")}`;
}

function renderTokens({ tokens }: StackOverview): Markup {
  return join(
    tokens.map(
      ({ daysLeft, expiresAt, role }) =>
        html`${role} ${describeDaysLeft(daysLeft)}
          <span class="quiet">(${expiresAt.slice(0, 10)})</span>`,
    ),
  );
}

function renderNext({ promotion, stack }: StackOverview): Markup {
  const { added = [], from, removed = [] } = promotion ?? {};
  const list = (verb: string, commits: readonly string[]): Markup | false => {
    const count = commits.length === 1 ? "1 commit" : `${commits.length} commits`;
    const more = commits.length - listedCommits;
    const shown = commits.slice(0, listedCommits);
    return (
      commits.length > 0 &&
      html`<p>${verb} ${count}:</p>
        ${renderList(more > 0 ? [...shown, `... and ${more} more`] : shown)}`
    );
  };
  return html`<code>npx slipway promote ${from} ${stack}</code>${list("brings", added)}${list(
      "takes back",
      removed,
    )}`;
}
