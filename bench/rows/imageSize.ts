import type { Report } from "../measure/report";
import { loginFolder, work, writeLogin } from "../world/byHand";
import { hostOutput, hostSite, prepareHostBuild } from "../world/hostBuild";
import { type BenchSandbox, run } from "../world/sandbox";
import { findTool } from "../world/tools";
import type { Group } from "./group";

/** The image's compressed size, beside its base and the site's files alone. */
export const imageSize: Group = { name: "image-size", measure };

const bytesPerMiB = 1024 * 1024;
const baseImage = "nginxinc/nginx-unprivileged:1.29-alpine";

async function measure(report: Report, sandbox: BenchSandbox): Promise<void> {
  await report.attempt("the image's size", async () => {
    writeLogin(sandbox);
    const image = await measureLayers(sandbox, await sandbox.readOutput("image"));
    const base = await measureLayers(sandbox, `${sandbox.mirror}/${baseImage}`);
    const files = await measureFiles();
    report.rows.push({
      id: "image-size",
      work: "the image, compressed",
      unit: "MiB",
      own: [image],
      peer: { name: "its nginx base and the site's files, compressed", values: [base + files] },
      target: { of: "ratio", is: "at most", limit: 1.1 },
    });
  });
}

/** Compressed size of the pages, each text with its compressed form beside it, as nginx sends them. */
async function measureFiles(): Promise<number> {
  await prepareHostBuild();
  await run(["node", "nginx.pages.mjs", hostOutput, `${work}/rules`], { cwd: hostSite });
  const size = await run(["sh", "-c", "tar -c . | gzip | wc -c"], { cwd: hostOutput });
  return Number(size) / bytesPerMiB;
}

interface Manifest {
  readonly manifests?: readonly { readonly digest: string }[];
  readonly layers?: readonly { readonly size: number }[];
}

/** Compressed size of an image's layers; of an index, that of its first image. */
async function measureLayers(sandbox: BenchSandbox, reference: string): Promise<number> {
  const skopeo = await findTool("skopeo");
  const read = async (name: string): Promise<Manifest> =>
    JSON.parse(
      await sandbox.runWithNames([
        ...([skopeo, "inspect", "--raw", "--authfile", `${loginFolder}/config.json`] as const),
        `docker://${name}`,
      ]),
    ) as Manifest;
  const { layers, manifests } = await read(reference);
  if (layers !== undefined) return layers.reduce((sum, { size }) => sum + size, 0) / bytesPerMiB;
  const [first] = manifests ?? [];
  if (first === undefined) throw new Error(`\`${reference}\` has neither layers nor images.`);
  return measureLayers(sandbox, `${reference.replace(/(@sha256)?:[^:/]+$/, "")}@${first.digest}`);
}
