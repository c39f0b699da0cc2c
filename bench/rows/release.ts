import { measureSeconds } from "../measure/pairs";
import type { Report } from "../measure/report";
import { git } from "../../test/e2e/support/checkout";
import { checkout } from "../../test/e2e/support/checkout";
import { removalOf } from "../../test/e2e/support/removal";
import { forgetBuilds, SiteByHand } from "../world/byHand";
import { editPage, restorePage } from "../world/page";
import type { BenchSandbox } from "../world/sandbox";
import { deployEdit } from "./edit";
import type { Group } from "./group";

/** Releases on a runner whose builder knows nothing, and a promotion beside the rebuild that it saves. */
export const release: Group = { name: "release", measure };

async function measure(report: Report, sandbox: BenchSandbox): Promise<void> {
  const remove = ["bash", "-c", removalOf("staging")] as const;
  await sandbox.run(remove);
  await sandbox.run(["pulumi", "stack", "init", "staging", "--no-select"]);
  const url = await sandbox.readOutput("url");
  const cold = await SiteByHand.create(sandbox, "bench-cold", await sandbox.readOutput("image"));
  // Fills the registry's cache, as an earlier job of a pipeline did.
  await deployEdit(sandbox, url);
  await sandbox.slipway("promote", "dev", "staging", "--yes");
  const promotions: number[] = [];
  const rebuild = async (): Promise<number> => {
    const sentence = editPage();
    await forgetBuilds(sandbox);
    return measureSeconds(() => cold.release(sentence, { isCold: true }));
  };
  const onRunner = async (): Promise<number> => {
    await forgetBuilds(sandbox);
    const seconds = await deployEdit(sandbox, url);
    promotions.push(
      await measureSeconds(() => sandbox.slipway("promote", "dev", "staging", "--yes")),
    );
    return seconds;
  };
  const comparedWith = "by hand with no cache: build, push, deploy";
  try {
    await report.compare(
      [
        {
          id: "runner",
          work: "a page edited, empty local caches, the registry's cache",
          unit: "s",
          comparedWith,
          peer: rebuild,
          target: { of: "ratio", is: "at most", limit: 0.33 },
        },
      ],
      onRunner,
      { count: 3 },
    );
    const rebuilds = report.rows.find(({ id }) => id === "runner")?.peer?.values;
    if (rebuilds === undefined) return;
    report.rows.push({
      id: "promotion",
      work: "promotion to another stack",
      unit: "s",
      own: promotions,
      peer: { name: comparedWith, values: rebuilds },
      target: { of: "ratio", is: "at most", limit: 0.1 },
    });
  } finally {
    restorePage();
    await cold.remove();
    git(checkout, "checkout", "--", "Pulumi.staging.yaml");
    await sandbox.run(remove);
  }
}
