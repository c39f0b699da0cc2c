import { spawnSync } from "node:child_process";
import { copyFileSync, mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";

const bootstrap = resolve(__dirname, "../../sandbox/bootstrap");

describe("sandbox/bootstrap", () => {
  let folder: string;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "slipway-bootstrap-"));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  /** Runs it in a checkout that has nothing else. */
  function runIn(name: string): { status: number | null; stderr: string; checkout: string } {
    const checkout = join(folder, name);
    mkdirSync(join(checkout, "sandbox"), { recursive: true });
    copyFileSync(bootstrap, join(checkout, "sandbox/bootstrap"));
    const { status, stderr } = spawnSync(join(checkout, "sandbox/bootstrap"), {
      encoding: "utf8",
      // If it goes on in spite of the path, it finds no registry and leaves the machine's cache alone.
      env: {
        HOME: folder,
        PATH: "/usr/bin:/bin",
        SLIPWAY_CACHE: join(folder, "cache"),
        npm_config_registry: "http://127.0.0.1:1",
      },
    });
    return { status, stderr, checkout };
  }

  it.each(["müller", "site ü", "サイト"])("refuses a checkout in %j at once", (name) => {
    const { checkout, status, stderr } = runIn(name);

    expect(stderr).toBe(
      `bootstrap: The checkout's path is "${checkout}", and Kubernetes' kubelet takes ASCII characters only. Move the checkout to a path without others.\n`,
    );
    expect(status).toBe(1);
  });
});
