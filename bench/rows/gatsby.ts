import { measureSeconds } from "../measure/pairs";
import type { Report } from "../measure/report";
import { runBuildctl } from "../world/byHand";
import { buildOnHost, prepareHostBuild } from "../world/hostBuild";
import { editPage, restorePage } from "../world/page";
import type { BenchSandbox } from "../world/sandbox";
import { findTool } from "../world/tools";
import type { Group } from "./group";

/** Gatsby's build in the image's build, beside the one on this machine. */
export const gatsby: Group = { name: "gatsby", measure };

async function measure(report: Report, sandbox: BenchSandbox): Promise<void> {
  const buildctl = await findTool("buildctl");
  await prepareHostBuild();
  try {
    await report.compare(
      [
        {
          id: "gatsby",
          work: "`npm run build` within the image's build, a page edited",
          unit: "s",
          comparedWith: "`npm run build` on this machine, its cache warm",
          peer: () => {
            editPage();
            return measureSeconds(buildOnHost);
          },
          target: { of: "ratio", is: "at most", limit: 1.3 },
        },
      ],
      () => {
        editPage();
        return measureStep(sandbox, buildctl);
      },
      { count: 4, warmUp: true },
    );
  } finally {
    restorePage();
  }
}

interface Vertex {
  readonly name?: string;
  readonly started?: string;
  readonly completed?: string;
  readonly cached?: boolean;
}

/** Builds the image, and returns the seconds of the step that builds the pages. */
async function measureStep(sandbox: BenchSandbox, buildctl: string): Promise<number> {
  const output = await runBuildctl(sandbox, buildctl, ["--progress", "rawjson"]);
  const steps = output
    .split("\n")
    .filter((line) => line.startsWith("{"))
    .flatMap((line) => (JSON.parse(line) as { vertexes?: Vertex[] }).vertexes ?? [])
    .filter(({ completed, name }) => completed !== undefined && /npm run build$/.test(name ?? ""));
  const [step] = steps;
  if (step?.started === undefined || step.completed === undefined || step.cached === true) {
    throw new Error("The image's build did not run `npm run build`.");
  }
  return (Date.parse(step.completed) - Date.parse(step.started)) / 1000;
}
