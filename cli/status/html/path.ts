import type { StackOverview } from "../overview";
import { type Condition, describeCondition, findCondition, nameRelease } from "../words";
import { html, type Markup } from "./markup";

/** How a condition looks: a colour, and a sign for those who do not see the colour. */
const looks: Readonly<Record<Condition, { readonly color: string; readonly sign: string }>> = {
  unreadable: { color: "bad", sign: "✕" },
  drift: { color: "bad", sign: "✕" },
  unready: { color: "bad", sign: "✕" },
  empty: { color: "warn", sign: "○" },
  behind: { color: "warn", sign: "→" },
  "partly known": { color: "warn", sign: "?" },
  fine: { color: "good", sign: "✓" },
};

/** Color of a stack's card. */
export function findColor(stack: StackOverview): string {
  return looks[findCondition(stack)].color;
}

/** Renders what matters most about a stack. */
export function renderState(stack: StackOverview): Markup {
  const { color, sign } = looks[findCondition(stack)];
  return html`<span class="state ${color}">${sign} ${describeCondition(stack)}</span>`;
}

/** Id of the element with a stack's details. */
export function computeAnchor(stack: string): string {
  return `stack-${stack}`;
}

/** Draws the stacks, each with arrows to those that take its releases. */
export function renderPath(stacks: readonly StackOverview[]): Markup {
  const names = stacks.map(({ stack }) => stack);
  const drawn = new Set<string>();
  const draw = (stack: StackOverview): Markup => {
    drawn.add(stack.stack);
    // Stacks that take from each other are drawn once.
    const next = stacks.filter(
      (other) => other.promoteFrom === stack.stack && !drawn.has(other.stack),
    );
    return html`<div class="stage">
      ${renderCard(stack)}${next.length > 0 && html`<div class="next">${next.map(drawStep)}</div>`}
    </div>`;
  };
  const drawStep = (stack: StackOverview): Markup =>
    html`<div class="step">${renderArrow(stack)}${draw(stack)}</div>`;

  const starts = stacks.filter(({ promoteFrom }) => !names.includes(promoteFrom ?? ""));
  const paths = starts.map(draw);
  // The others take from each other.
  const rest = stacks.flatMap((stack) => (drawn.has(stack.stack) ? [] : [draw(stack)]));
  return html`${paths}${rest}`;
}

function renderCard(stack: StackOverview): Markup {
  const { pods, release } = stack;
  const name = release && nameRelease(release);
  return html`<div class="card ${findColor(stack)}">
    <h3><a href="#${computeAnchor(stack.stack)}">${stack.stack}</a></h3>
    <p>${name ? html`<code>${name}</code>` : html`<span class="quiet">no release</span>`}</p>
    <p>${renderState(stack)}</p>
    ${pods && html`<p class="quiet">${pods.ready} of ${pods.wanted} pods ready</p>`}
  </div>`;
}

function renderArrow({ promotion }: StackOverview): Markup {
  const waiting = promotion?.added.length ?? 0;
  const commits = waiting === 1 ? "1 commit waits" : `${waiting} commits wait`;
  return html`<div class="arrow">
    <svg viewBox="0 0 24 24" aria-hidden="true">
      <path d="M2 12h18M14 6l6 6-6 6" fill="none" stroke="currentColor" stroke-width="2" />
    </svg>
    ${waiting > 0 && html`<span>${commits}</span>`}
  </div>`;
}
