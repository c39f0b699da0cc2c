/** Text that is HTML already. Only {@link html} creates it, so everything else is escaped. */
class Markup {
  constructor(public readonly text: string) {}
}

export type { Markup };

type Part = Markup | string | number | false | undefined | readonly Part[];

/**
 * Renders HTML from a template. Its values are escaped, also inside an attribute's quotation marks, but for those
 * that are HTML already. `undefined` and `false` render nothing.
 */
export function html(template: TemplateStringsArray, ...values: readonly Part[]): Markup {
  return new Markup(
    template.reduce((text, next, index) => text + renderPart(values[index - 1]) + next),
  );
}

function renderPart(part: Part): string {
  if (part === undefined || part === false) return "";
  if (part instanceof Markup) return part.text;
  if (typeof part === "string" || typeof part === "number") return escape(String(part));
  return part.map(renderPart).join("");
}

const entities: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

function escape(text: string): string {
  return text.replace(/[&<>"']/g, (character) => entities[character]);
}

/** Renders a link; only its text if the address is not one of the web, such as `javascript:`. */
export function link(address: string, text: string): Markup {
  const protocol = URL.parse(address)?.protocol ?? "";
  if (!["http:", "https:"].includes(protocol)) return html`${text}`;
  return html`<a href="${address}" rel="noreferrer">${text}</a>`;
}
