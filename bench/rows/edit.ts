import { measureSeconds } from "../measure/pairs";
import type { Report } from "../measure/report";
import { SiteByHand } from "../world/byHand";
import { editPage, restorePage, waitUntilServed } from "../world/page";
import type { BenchSandbox } from "../world/sandbox";
import { SkaffoldSite } from "../world/skaffold";
import type { Group } from "./group";

/** A page is edited until the new one is served: with Slipway, by hand, and with skaffold. */
export const edit: Group = { name: "edit", measure };

async function measure(report: Report, sandbox: BenchSandbox): Promise<void> {
  const byHand = await SiteByHand.create(sandbox, "bench-hand", await sandbox.readOutput("image"));
  const skaffold = await tryCreateSkaffold(report, sandbox);
  const url = await sandbox.readOutput("url");
  // The caches of by hand and of skaffold are other ones, which the first build fills.
  await byHand.release(editPage());
  try {
    await report.compare(
      [
        {
          id: "edit",
          work: "a page edited until it is served",
          unit: "s",
          comparedWith: "by hand: `buildctl`, `kubectl set image`, `rollout status`",
          peer: () => releaseEdit(byHand),
          target: { of: "ratio", is: "at most", limit: 1.15 },
        },
        ...(skaffold === undefined
          ? []
          : [
              {
                id: "edit-skaffold",
                work: "a page edited until it is served",
                unit: "s",
                comparedWith: "`skaffold run`, `buildctl` as its custom build",
                peer: () => releaseEdit(skaffold),
                target: { of: "ratio", is: "at most", limit: 1 },
              } as const,
            ]),
      ],
      () => deployEdit(sandbox, url),
      { count: 4 },
    );
  } finally {
    restorePage();
    await byHand.remove();
    await skaffold?.remove();
  }
}

async function tryCreateSkaffold(
  report: Report,
  sandbox: BenchSandbox,
): Promise<SkaffoldSite | undefined> {
  let made: SkaffoldSite | undefined;
  await report.attempt("skaffold", async () => {
    made = await SkaffoldSite.create(sandbox);
  });
  return made;
}

function releaseEdit(site: SiteByHand | SkaffoldSite): Promise<number> {
  const sentence = editPage();
  return measureSeconds(() => site.release(sentence));
}

/** Edits the page, and measures until Slipway's stack serves it. */
export function deployEdit(sandbox: BenchSandbox, url: string): Promise<number> {
  const sentence = editPage();
  return measureSeconds(async () => {
    await sandbox.slipway("up", "dev", "--yes");
    await waitUntilServed(url, sentence);
  });
}
