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
    "is named in the preview's report, by the list in the image that runs",
    async () => {
      // What `build_website` leaves, but for the names of the compiled files: what runs, with the edit.
      const printed = await inSandbox(`
        folder=$(mktemp -d) && mkdir $folder/public
        kubectl exec --namespace gatsby-site-dev deployment/gatsby-site -- tar -C /srv/site --exclude './.*' -c . | tar -C $folder/public -x
        sed -i 's|</p>| ${added}</p>|' $folder/public/about/index.html
        pulumi preview --stack dev --json --show-sames 2>/dev/null >$folder/dev.json
        npx slipway preview-report $folder/dev.json --pages $folder/public
        rm -r $folder`);
      expect(printed).toMatch(/^ {2}Pages +1 changed: `\/about\/`\. The site has 8 pages\.$/m);
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
