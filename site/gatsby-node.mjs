import { readFile } from "node:fs/promises";
import { resolve } from "node:path";

/** Makes one page of each step in content/steps.json, linked to those before and after it. */
export async function createPages({ actions }) {
  const steps = JSON.parse(await readFile(resolve("content/steps.json"), "utf8"));

  steps.forEach((step, index) => {
    actions.createPage({
      path: `/steps/${step.slug}/`,
      component: resolve("src/templates/step.tsx"),
      context: { index },
    });
  });
}
