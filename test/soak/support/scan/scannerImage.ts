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
/** PATH as in the image: without the root folder, which contains grype. */
const path = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin:/busybox";
/** Folder that a runner clones into. */
const job = "/builds/site";

/**
 * The scanner's image as in grype's `Dockerfile.debug`: distroless and BusyBox, a user other than root, and grype.
 * The image can't be pulled here, so this is a folder that becomes the root of a process; its network and host names
 * are the machine's.
 *
 * @see https://github.com/anchore/grype/blob/v0.121.2/Dockerfile.debug
 */
export class ScannerImage {
  private constructor(private readonly root: string) {}

  /** Creates the folder, after deleting an earlier one. */
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
   * Runs the job's script in its own checkout.
   *
   * @param cache whether to keep the cache folder of the previous job, as a runner does
   */
  async scan(variables: Readonly<Record<string, string>>, { cache = true } = {}): Promise<Ended> {
    const folder = join(this.root, job);
    rmSync(join(folder, "ci"), { recursive: true, force: true });
    if (!cache) rmSync(join(folder, ".grype"), { recursive: true, force: true });
    cpSync(join(checkout, "ci"), join(folder, "ci"), { recursive: true });
    // A runner's helper clones as root, without umask, so that every user of a job's image can write there.
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

  /** Writes a file there that everyone can read, and returns its path in the job. */
  addFile(file: string, content: string): string {
    writeFileSync(join(this.root, file), content);
    return `/${file}`;
  }

  removeFile(file: string): void {
    rmSync(join(this.root, file));
  }

  /** Returns the report of the last scan for GitLab; `undefined` if there is none. */
  readReport(): unknown {
    const file = join(this.root, job, "gl-container-scanning-report.json");
    return existsSync(file) ? JSON.parse(readFileSync(file, "utf8")) : undefined;
  }
}

/** Returns the script of the template's job. */
function readScript(): string {
  const file = join(checkout, "templates", "scanner", "grype.yml");
  const jobs = parseAllDocuments(readFileSync(file, "utf8"))[1]?.toJS() as {
    scan_image: { script: string[] };
  };
  return jobs.scan_image.script.join("\n").replaceAll("$[[ inputs.scripts ]]", "ci");
}
