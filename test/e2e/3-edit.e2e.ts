import pWaitFor from "p-wait-for";

import { inSandbox, shell } from "./support/checkout";
import { added, editPage } from "./support/edit";
import { expectSuccess } from "./support/expectSuccess";
import { listTags } from "./support/registry";
import { SteadyLoad } from "./support/steadyLoad";

const minuteMs = 60_000;

interface Step {
  readonly op: string;
  readonly urn: string;
}

describe("an edited page", () => {
  beforeAll(editPage);

  it(
    "shows in a preview as another image, built and pushed by nobody yet",
    async () => {
      const tags = await listTags();
      const preview = await inSandbox("pulumi preview --json 2>/dev/null");
      const { steps } = JSON.parse(preview) as { steps: Step[] };
      const changed = steps
        .filter(({ op }) => op !== "same" && op !== "read")
        .map(({ op, urn }) => `${op} ${urn.split("::")[2]?.split("$").at(-1)}`);
      expect(changed).toContain("update docker-build:index:Image");
      expect(changed).toContain("update kubernetes:apps/v1:Deployment");
      expect(changed.filter((step) => step.includes("DeployToken"))).toEqual([]);
      // Nothing is built or pushed, the cache included.
      expect(await listTags()).toEqual(tags);
      expect(tags.cache).toMatch(/^sha256:/);
      // A reference without its digest, as it would come of the plugin's empty one.
      expect(preview).not.toMatch(/gatsby-site(:[^"@]*)?@"/);
    },
    2 * minuteMs,
  );

  it(
    "is served after the next `make up`, and no request of two hundred a second fails meanwhile",
    async () => {
      const before = (await inSandbox("pulumi stack output url --stack dev")).trim();
      const {
        failures,
        requests,
        result: ended,
      } = await SteadyLoad.during(`${before}/about/`, { perSecond: 200 }, () => shell("make up"));
      expectSuccess(ended);
      expect(failures).toEqual([]);
      expect(requests).toBeGreaterThan(1000);
      const url = /^site: (\S+)$/m.exec(ended.output)?.[1] ?? "";
      // The old pods leave the Service a moment after the new ones have joined it.
      const isServed = async (): Promise<boolean> =>
        (await (await fetch(`${url}/about/`)).text()).includes(added);
      await expect(pWaitFor(isServed, { interval: 200, timeout: 10_000 })).resolves.toBeUndefined();
    },
    10 * minuteMs,
  );
});
