import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { canInstall, runCheckov, runHadolint } from "./support/pythonCheckers";
import { renderProduction } from "./support/stacks";

// The first run installs the checkers.
jest.setTimeout(15 * 60_000);

/** What hadolint finds and stays as it is. docs/manifests.md has the reason of each. */
const waivers = ["DL3003", "DL4006"];

const folder = mkdtempSync(join(tmpdir(), "slipway-checkers-"));
const file = join(folder, "manifests.yaml");
const dockerfile = join(folder, "Dockerfile");
afterAll(() => rmSync(folder, { recursive: true }));

const withPip = canInstall() ? describe : describe.skip;

withPip("checkov, which needs pip,", () => {
  it("finds nothing in the manifests of a production stack", async () => {
    for (const text of await renderProduction()) {
      writeFileSync(file, text);
      const { failed, passed } = await runCheckov(file);
      expect(failed).toEqual([]);
      expect(passed).toBeGreaterThan(90);
    }
  });

  it("would find a file system that can be written to", async () => {
    const [text] = await renderProduction();
    writeFileSync(
      file,
      text.replace("readOnlyRootFilesystem: true", "readOnlyRootFilesystem: false"),
    );
    expect((await runCheckov(file)).failed).toEqual([
      { check: "CKV_K8S_22", place: expect.stringContaining("Deployment") as string },
    ]);
  });
});

withPip("hadolint, which needs pip,", () => {
  it("finds nothing in the Dockerfile but for the waivers, and each of them is needed", async () => {
    const found = await runHadolint("site/Dockerfile");
    expect([...new Set(found.map(({ check }) => check))].sort()).toEqual(waivers);
    const page = readFileSync("docs/manifests.md", "utf8");
    for (const waiver of waivers) {
      expect(page).toMatch(new RegExp(`^\\| hadolint +\\| \`${waiver}\``, "m"));
    }
  });

  it("would find a base image without a tag", async () => {
    writeFileSync(
      dockerfile,
      readFileSync("site/Dockerfile", "utf8").replace(/^FROM \$\{NGINX_IMAGE\}$/m, "FROM nginx"),
    );
    expect(await runHadolint(dockerfile)).toContainEqual({
      check: "DL3006",
      place: expect.stringMatching(/^line \d+$/) as string,
    });
  });
});
