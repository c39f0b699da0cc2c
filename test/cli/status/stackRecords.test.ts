import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { Pulumi } from "../../../cli/pulumi/pulumiCli";
import { readStacks } from "../../../cli/status/stackRecords";
import { FakeIo } from "../../support/cli";

let cwd: string;

beforeEach(() => {
  cwd = mkdtempSync(join(tmpdir(), "slipway-status-"));
  writeFileSync(
    join(cwd, "Pulumi.yaml"),
    "name: gatsby-site\nconfig:\n  project: web/site\n  registry:\n    description: the host\n",
  );
});

afterEach(() => rmSync(cwd, { recursive: true }));

/** The values of a stack whose last update had a host. */
async function readValues(stack = "dev"): Promise<Readonly<Record<string, string>>> {
  const config = { "gatsby-site:host": { value: "last.example.com" } };
  const io = new FakeIo({ [stack]: { history: [{ kind: "update", config }] } });
  const { shown } = await readStacks(cwd, [], new Pulumi(io, cwd));
  return shown[0].values;
}

const defaults = { "gatsby-site:project": "web/site" };
const last = { ...defaults, "gatsby-site:host": "last.example.com" };

describe("the configuration of a stack that `slipway status` shows", () => {
  it("is its file's, over the project's defaults and without its secrets", async () => {
    const file = "config:\n  gatsby-site:replicas: 2\n  gatsby-site:x:\n    secure: v1:abc\n";
    writeFileSync(join(cwd, "Pulumi.dev.yaml"), file);
    expect(await readValues()).toEqual({
      ...defaults,
      "gatsby-site:replicas": "2",
      "gatsby-site:x": "",
    });
  });

  it.each([
    ["there is no file", undefined],
    ["the file is not YAML", "config: [\n"],
  ])("is the last update's if %s", async (_, text) => {
    if (text !== undefined) writeFileSync(join(cwd, "Pulumi.dev.yaml"), text);
    expect(await readValues()).toEqual(last);
  });

  it("is never that of a file of the same name in another project", async () => {
    writeFileSync(join(cwd, "Pulumi.dev.yaml"), "config:\n  gatsby-site:host: wrong\n");
    expect(await readValues("organization/other/dev")).toEqual(last);
  });
});
