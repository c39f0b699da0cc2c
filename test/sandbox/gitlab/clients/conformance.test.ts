import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";

import { ensureTools } from "../../../../sandbox/tools/ensure";
import { RealRegistry } from "../registry/support/realRegistry";
import { tokenOf } from "../support/world";

const registry = new RealRegistry();
// The registry's clock is the machine's, so the tokens' must be.
beforeAll(() => registry.start({ gitlab: { now: () => new Date() } }), 60_000);
afterAll(() => registry.stop());

/**
 * What the program finds wrong with Debian's registry, 2.8, itself: it takes chunks in any order, and
 * answers badly to ranges and digests that make no sense.
 */
const failuresOfRegistry = [
  "OCI Conformance Test/sha256 blobs/chunked out-of-order/blob-patch-chunked",
  "OCI Conformance Test/sha256 blobs/chunked out-of-order and put chunk/blob-patch-chunked",
  "OCI Conformance Test/sha256 blobs/range requests/range 500-0",
  "OCI Conformance Test/sha256 blobs/range requests/range 5000-10000",
  "OCI Conformance Test/invalid-digest-format/manifest-put",
  "OCI Conformance Test/invalid-digest-format/manifest-get",
];

/** Of the specification's version 1.0; what came with 1.1 that registry doesn't know. */
const settings = {
  OCI_VERSION: "1.0",
  OCI_TLS: "disabled",
  OCI_REPO1: "web/gatsby-site",
  OCI_REPO2: "web/inner/deep",
  OCI_API_REFERRER: "false",
  OCI_DATA_NONDISTRIBUTABLE: "false",
  OCI_DATA_SHA512: "false",
  OCI_DATA_SUBJECT: "false",
  OCI_DATA_SUBJECT_LIST: "false",
  OCI_DATA_SUBJECT_MISSING: "false",
};

describe("the conformance program of the OCI distribution specification", () => {
  it("pulls, pushes, mounts, lists and deletes with the simulator's tokens", async () => {
    const name = "distribution-conformance";
    const tools = await ensureTools([name], { progress: "silent" });
    const program = spawn(tools.get(name)!.path, [], {
      cwd: registry.world.folder,
      env: {
        ...process.env,
        ...settings,
        OCI_REGISTRY: registry.host,
        OCI_USERNAME: "owner",
        OCI_PASSWORD: tokenOf("owner"),
        OCI_RESULTS_DIR: join(registry.world.folder, "results"),
      },
    });
    let output = "";
    for (const stream of [program.stdout, program.stderr]) {
      stream.on("data", (chunk: Buffer) => (output += chunk.toString()));
    }
    await once(program, "close");

    const failures = [...output.matchAll(/msg="failed test" name="([^"]+)"/g)].map(
      ([, test]) => test,
    );
    expect(failures).toEqual(failuresOfRegistry);
    const results = Object.fromEntries(
      [...output.matchAll(/^ {2}(\w[\w ]+?)\.+: +(\w+)$/gm)].map(([, api, result]) => [
        api,
        result,
      ]),
    );
    expect(results).toMatchObject({
      "Tag listing": "Pass",
      "Blob push": "Pass",
      "Blob post put": "Pass",
      "Blob mount": "Pass",
      "Blob get": "Pass",
      "Blob head": "Pass",
      "Blob delete": "Pass",
      "Manifest put by tag": "Pass",
      "Manifest get by tag": "Pass",
      "Manifest head by tag": "Pass",
      "Manifest delete": "Pass",
    });
  }, 180_000);
});
