import type { Report } from "../measure/report";
import { repository, runBuildctl, SiteByHand } from "../world/byHand";
import { prepareHostBuild } from "../world/hostBuild";
import { type Load, measureLoad } from "../world/load";
import type { BenchSandbox } from "../world/sandbox";
import { writeStockImage } from "../world/stockNginx";
import { findTool } from "../world/tools";
import type { Group } from "./group";

/** The served site under load, beside the same pages from nginx as it comes. */
export const serving: Group = { name: "serving", measure };

const rounds = 5;

async function measure(report: Report, sandbox: BenchSandbox): Promise<void> {
  await prepareHostBuild();
  const image = `${repository}/bench-stock:${process.pid}`;
  const own = await sandbox.readOutput("url");
  // The login for the push is written with the site, which then gets the image.
  const stock = await SiteByHand.create(sandbox, "bench-stock", await sandbox.readOutput("image"));
  try {
    const output = ["--output", `type=image,name=${image},push=true`];
    await runBuildctl(sandbox, await findTool("buildctl"), output, writeStockImage());
    await stock.deploy(image);
    await compare(report, own, stock.url);
  } finally {
    await stock.remove();
  }
}

async function compare(report: Report, own: string, stock: string): Promise<void> {
  await report.attempt("requests a second, and p99", async () => {
    const loads: { own: Load; stock: Load }[] = [];
    // Once before, for the file caches of both.
    for (const url of [own, stock]) await measureLoad(url);
    for (let round = 0; round < report.limitRuns(rounds); round++) {
      loads.push({ own: await measureLoad(own), stock: await measureLoad(stock) });
    }
    const row = (
      field: keyof Load,
      id: string,
      work: string,
      unit: "requests/s" | "ms",
      is: "at least" | "at most",
    ) =>
      report.rows.push({
        id,
        work,
        unit,
        own: loads.map((load) => load.own[field]),
        peer: {
          name: "the same pages, nginx's stock configuration",
          values: loads.map((load) => load.stock[field]),
        },
        target: { of: "ratio", is, limit: 1 },
      });
    row(
      "requestsPerSecond",
      "requests",
      "requests a second, page compressed as a browser asks",
      "requests/s",
      "at least",
    );
    row("p99Milliseconds", "p99", "the slowest hundredth of these requests", "ms", "at most");
  });
}
