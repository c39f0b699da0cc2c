import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";

import { ensureTools } from "../../../../sandbox/tools/ensure";
import { Mirror } from "./mirror";

/** Creates grype's database from `vulnerabilities.json` in a folder, as after grype's own download. */
export async function makeDatabase(folder: string, work: string, pki: string): Promise<void> {
  const tools = await ensureTools(["grype"], { progress: "silent" });
  const mirror = await Mirror.start(work, pki);
  try {
    const env = {
      ...process.env,
      GRYPE_DB_CACHE_DIR: folder,
      GRYPE_DB_UPDATE_URL: mirror.url,
      GRYPE_DB_CA_CERT: join(pki, "gitlab-ca.pem"),
    };
    await promisify(execFile)(tools.get("grype")?.path ?? "", ["db", "update"], { env });
  } finally {
    await mirror.stop();
  }
}
