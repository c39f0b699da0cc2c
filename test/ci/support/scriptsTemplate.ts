import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

const root = join(__dirname, "..", "..", "..");

/** The template with the scripts that a job needs before it has installed the package that they are in. */
export const scriptsTemplate = join(root, "templates", "scripts.yml");

/** Renders that template from ci/. */
export function renderScriptsTemplate(): string {
  const read = (name: string): string => readFileSync(join(root, "ci", name), "utf8").trimEnd();
  return [
    "# Copies of ci/prepare.sh and ci/require.sh, by `npm run generate`: a job needs them before it has installed the",
    "# package that they are in.",
    ".slipway-scripts:",
    "  prepare:",
    renderBlock(read("prepare.sh")),
    "  require:",
    // In a shell of its own, which it ends.
    renderBlock(`(\nset -- $SLIPWAY_NEEDS\n${read("require.sh").replace(/^#!.*\n/, "")}\n)`),
    "",
  ].join("\n");
}

function renderBlock(text: string): string {
  return `    - |\n${text.replace(/^(?=.)/gm, "      ")}`;
}

// `npm run generate`.
if (require.main === module) writeFileSync(scriptsTemplate, renderScriptsTemplate());
