import { execFileSync, spawn } from "node:child_process";
import {
  chmodSync,
  copyFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";

import { parseAllDocuments } from "yaml";

import { ensureTools } from "../../../../sandbox/tools/ensure";
import { checkout, type Ended } from "../../../e2e/support/checkout";

/** The user of distroless' `nonroot` images. */
const user = 65532;
/** As the image has it: without the root folder, where grype is. */
const path = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin:/busybox";
/** Where a runner clones to. */
const job = "/builds/site";

/**
 * The scanner's image as grype's `Dockerfile.debug` makes it: distroless and BusyBox, a user who isn't root,
 * and grype. It can't be pulled here, so it is a folder to which a process changes its root; the network and
 * the names are the machine's.
 *
 * @see https://github.com/anchore/grype/blob/v0.121.2/Dockerfile.debug
 */
export class ScannerImage {
  private constructor(private readonly root: string) {}

  /** Makes it in a folder, anew. */
  static async make(root: string): Promise<ScannerImage> {
    const tools = await ensureTools(["grype", "busybox"], { progress: "silent" });
    rmSync(root, { recursive: true, force: true });
    for (const folder of ["busybox", "dev", "etc", "home/nonroot", "proc", "tmp"]) {
      mkdirSync(join(root, folder), { recursive: true });
    }
    chmodSync(join(root, "tmp"), 0o1777);
    copyFileSync(tools.get("grype")?.path ?? "", join(root, "grype"));
    const busybox = join(root, "busybox", "busybox");
    copyFileSync(tools.get("busybox")?.path ?? "", busybox);
    const applets = execFileSync(busybox, ["--list"], { encoding: "utf8" }).trim().split("\n");
    for (const applet of applets.filter((name) => name !== "busybox")) {
      symlinkSync("busybox", join(root, "busybox", applet));
    }
    copyFileSync(join(checkout, ".sandbox", "test", "hosts"), join(root, "etc", "hosts"));
    return new ScannerImage(root);
  }

  /**
   * Runs the job's script in a checkout of its own.
   *
   * @param cache leaves the cache's folder of the job before there, as a runner does
   */
  async scan(variables: Readonly<Record<string, string>>, { cache = true } = {}): Promise<Ended> {
    const folder = join(this.root, job);
    rmSync(join(folder, "ci"), { recursive: true, force: true });
    if (!cache) rmSync(join(folder, ".grype"), { recursive: true, force: true });
    cpSync(join(checkout, "ci"), join(folder, "ci"), { recursive: true });
    // A runner's helper clones as root, with no umask: whichever user the job's image has may write there.
    chmodSync(folder, 0o777);

    const script = `cd ${job} && ${readScript()}`;
    const enter = `mount --rbind /dev "$0/dev"; mount --rbind /proc "$0/proc"; exec chroot --userspec=${user}:${user} "$0" /busybox/sh -c "$1"`;
    const child = spawn("unshare", ["--mount", "--", "sh", "-ec", enter, this.root, script], {
      env: { PATH: path, HOME: "/home/nonroot", ...variables, CI_PROJECT_DIR: job },
      stdio: ["ignore", "pipe", "pipe"],
    });
    let output = "";
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding("utf8").on("data", (chunk: string) => (output += chunk));
    }
    const code = await new Promise<number | null>((resolve, reject) => {
      child.once("error", reject);
      child.once("close", resolve);
    });
    return { output, code };
  }

  /** Writes a file in there, for everybody to read, and gives its path as the job sees it. */
  addFile(file: string, content: string): string {
    writeFileSync(join(this.root, file), content);
    return `/${file}`;
  }

  removeFile(file: string): void {
    rmSync(join(this.root, file));
  }

  /** What the last scan reported to GitLab; undefined when it left no report. */
  readReport(): unknown {
    const file = join(this.root, job, "gl-container-scanning-report.json");
    return existsSync(file) ? JSON.parse(readFileSync(file, "utf8")) : undefined;
  }
}

/** The template's own lines. */
function readScript(): string {
  const file = join(checkout, "templates", "scanner", "grype.yml");
  const jobs = parseAllDocuments(readFileSync(file, "utf8"))[1]?.toJS() as {
    scan_image: { script: string[] };
  };
  return jobs.scan_image.script.join("\n").replaceAll("$[[ inputs.scripts ]]", "ci");
}
