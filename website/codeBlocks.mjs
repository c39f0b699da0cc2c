import { renderMermaidSVG } from "beautiful-mermaid";
import highlighter from "highlight.js";

/** Renders code as HTML, with classes for its parts. An unknown language is plain text. */
export function highlight(code, language) {
  const known = highlighter.getLanguage(language) === undefined ? "plaintext" : language;
  return highlighter.highlight(code, { language: known }).value;
}

/**
 * Draws a diagram of Mermaid's as SVG, in the colours of the page. It goes from top to bottom, since a page is narrow.
 */
export function draw(diagram) {
  const svg = renderMermaidSVG(diagram.replace(/^flowchart LR\b/, "flowchart TB"), {
    bg: "var(--paper)",
    fg: "var(--ink)",
    padding: 8,
    transparent: true,
  });
  // The library's font comes from another host.
  return svg.replace(/@import url\([^)]*\);/g, "");
}
