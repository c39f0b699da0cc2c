/** A picture of the documentation. */
export interface Picture {
  /** From the repository's top. */
  readonly file: string;
  /** Pages that show it. */
  readonly pages: readonly string[];
}

/** The pictures that `npm run docs:pictures` makes. */
export const pictures = {
  flow: { file: "docs/flow.svg", pages: ["docs/promotion.md"] },
  note: { file: "docs/preview-note.png", pages: ["README.md", "docs/pipeline.md"] },
  path: { file: "docs/promotion-path.png", pages: ["docs/promotion.md"] },
  status: { file: "docs/status.png", pages: ["docs/status.md"] },
} as const satisfies Record<string, Picture>;

/** What a page may take to load. */
export const limitBytes = 150_000;

/** In pixels: enough for a screen with twice the pixels, and not more. */
export const widths = { least: 1200, most: 1600 } as const;

/** The diagram of the README, which is drawn as `flow`. */
export const readDiagram = (readme: string): string =>
  /^```mermaid\n([^]*?)^```$/m.exec(readme)?.[1] ?? "";
