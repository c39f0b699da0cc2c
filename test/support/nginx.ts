import { execFileSync, spawn } from "node:child_process";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { type IncomingHttpHeaders, request } from "node:http";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

import { readTemplate } from "../../cli/init/dockerfile";
import { keptFolder } from "../../components/site/keptFiles";
import {
  environmentFolder,
  type RuntimeConfig,
  renderEnvironment,
  usersFile,
  usersFolder,
} from "../../components/site/runtimeConfig";
import { ensureTools } from "../../sandbox/tools/ensure";
import { findFreePort } from "./freePort";

const templates = join(__dirname, "../../templates/image");

/** What a build left, and where it runs. */
export interface ServedSite {
  /** Files of the output folder, by path. */
  readonly files: Readonly<Record<string, string>>;
  /** Files of the site's folder, by path. */
  readonly sources?: Readonly<Record<string, string>>;
  /** Redirects that Gatsby kept for the browser. */
  readonly browserRedirects?: readonly object[];
  readonly pathPrefix?: string;
  readonly environment?: RuntimeConfig;
  /** Lines of the file of users. */
  readonly users?: string;
  /** Files of the release before, by path, that the pod keeps. */
  readonly kept?: Readonly<Record<string, string>>;
}

/** One answer. */
export interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
  /** The body as it was sent, perhaps compressed. */
  readonly bytes: Buffer;
}

/** The real nginx with a site's rules, as in its image, on a port of this machine. */
export class Nginx {
  /** Lines of the access log, once it has stopped. */
  public log: readonly string[] = [];

  private constructor(
    /** What the build of the image said about the site. */
    public readonly buildLog: string,
    private readonly folder: string,
    private readonly port: number,
    private readonly process: ReturnType<typeof spawn>,
  ) {}

  /** Builds the rules and starts nginx. */
  public static async serve(site: ServedSite): Promise<Nginx> {
    const tools = await ensureTools(["nginx"], { progress: "silent" });
    const program = realpathSync(tools.get("nginx")?.path ?? "");
    const folder = mkdtempSync(join(tmpdir(), "slipway-nginx-"));
    try {
      return await Nginx.start(folder, program, site);
    } catch (error) {
      rmSync(folder, { recursive: true });
      throw error;
    }
  }

  private static async start(folder: string, program: string, site: ServedSite): Promise<Nginx> {
    const buildLog = buildRules(folder, site);
    const port = await findFreePort();
    const file = join(folder, "nginx.conf");
    writeFileSync(file, renderConfiguration(folder, port, program));
    const process = spawn(program, ["-c", file, "-g", "daemon off;"], {
      stdio: ["ignore", "ignore", "pipe"],
    });
    const nginx = new Nginx(buildLog, folder, port, process);
    let errors = "";
    process.stderr?.setEncoding("utf8").on("data", (text: string) => (errors += text));
    while (!(await nginx.isReady())) {
      if (process.exitCode !== null) throw new Error(`nginx does not start: ${errors}`);
      await sleep(20);
    }
    return nginx;
  }

  /** Asks for an address, and follows no redirect. */
  public get(
    path: string,
    headers: Record<string, string> = {},
    method: "GET" | "HEAD" | "POST" = "GET",
  ): Promise<Answer> {
    return new Promise((resolve, reject) => {
      request({ host: "127.0.0.1", port: this.port, path, headers, method }, (answer) => {
        const parts: Buffer[] = [];
        answer
          .on("data", (part: Buffer) => parts.push(part))
          .on("end", () => {
            const bytes = Buffer.concat(parts);
            const { headers, statusCode: status = 0 } = answer;
            resolve({ status, headers, body: bytes.toString(), bytes });
          });
      })
        .on("error", reject)
        .end();
    });
  }

  /** Status, and where a redirect leads to or else what is in the page. */
  public async look(path: string): Promise<string> {
    const { body, headers, status } = await this.get(path);
    return `${status} ${headers.location ?? body.trim()}`;
  }

  /** Lets it send what it is sending, as a pod does, and removes what it had. */
  public async stop(): Promise<void> {
    if (!existsSync(this.folder)) return;
    const ended = new Promise((done) => this.process.once("exit", done));
    if (this.process.exitCode === null) {
      this.process.kill("SIGQUIT");
      await ended;
    }
    this.log = readFileSync(join(this.folder, "access.log"), "utf8").split("\n").slice(0, -1);
    rmSync(this.folder, { recursive: true });
  }

  private async isReady(): Promise<boolean> {
    return this.get("/healthz").then(
      () => true,
      () => false,
    );
  }
}

/** Runs what the Dockerfile runs. */
function buildRules(folder: string, site: ServedSite): string {
  const { browserRedirects, environment, files, kept = {}, users } = site;
  const { pathPrefix = "", sources = {} } = site;
  const output = join(folder, "site", pathPrefix);
  write(output, files);
  write(join(folder, "kept"), kept);
  write(join(folder, "source"), sources);
  write(join(folder, "tmp"), { "listen.conf": "" });
  const environmentFiles = environment === undefined ? {} : renderEnvironment(environment);
  for (const [name, content] of Object.entries(environmentFiles)) {
    const own = content
      .replaceAll(environmentFolder, join(folder, "environment"))
      .replaceAll(usersFolder, join(folder, "users"))
      .replaceAll(keptFolder, join(folder, "kept"));
    write(join(folder, "environment"), { [name]: own });
  }
  write(join(folder, "users"), users === undefined ? {} : { [usersFile]: users });
  mkdirSync(join(folder, "rules"));
  if (browserRedirects !== undefined) {
    write(join(folder, "rules"), { "redirects.json": JSON.stringify(browserRedirects) });
  }
  const script = join(templates, "nginx.pages.mjs");
  const options = [script, output, join(folder, "rules"), pathPrefix];
  return execFileSync(process.execPath, options, {
    cwd: join(folder, "source"),
    encoding: "utf8",
    stdio: ["ignore", "pipe", "pipe"],
  });
}

/** The template, with every path inside of the folder. */
function renderConfiguration(folder: string, port: number, program: string): string {
  const own = join(dirname(program), "../../etc/nginx/mime.types");
  // A machine that has nginx's configuration has got no second one.
  const types = existsSync(own) ? own : "/etc/nginx/mime.types";
  // As root, nginx's workers would be another user, who may not read the folder.
  const user = process.getuid?.() === 0 ? "user root;\n" : "";
  return `${user}${readTemplate("nginx.conf")}`
    .replaceAll(" /tmp/", ` ${folder}/tmp/`)
    .replace("/etc/nginx/mime.types", types)
    .replaceAll("/etc/nginx/gatsby", join(folder, "rules"))
    .replaceAll(environmentFolder, join(folder, "environment"))
    .replaceAll("/srv/site", join(folder, "site"))
    .replace("/dev/stdout", join(folder, "access.log"))
    .replace("listen 8080", `listen 127.0.0.1:${port}`);
}

function write(folder: string, files: Readonly<Record<string, string>>): void {
  mkdirSync(folder, { recursive: true });
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), content);
  }
}
