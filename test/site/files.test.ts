import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";

import { readTemplate, renderDockerfile } from "../../cli/init/dockerfile";
import { renderNodeImage } from "../../cli/init/nodeVersion";
import { readIgnoreRules } from "../../components/image/buildContext";

const site = join(__dirname, "../../site");
const read = (file: string): string => readFileSync(join(site, file), "utf8");

describe("site/package-lock.json", () => {
  it("names no registry: each network has its own", () => {
    expect(read("package-lock.json")).not.toMatch(/"resolved"/);
  });

  it("has what package.json asks for, so that `npm ci` accepts it", () => {
    const { dependencies, devDependencies } = JSON.parse(read("package.json")) as object & {
      dependencies: object;
      devDependencies: object;
    };
    const lock = JSON.parse(read("package-lock.json")) as { packages: Record<string, object> };

    expect(lock.packages[""]).toMatchObject({ dependencies, devDependencies });
  });
});

describe("site/Dockerfile", () => {
  const instructions = read("Dockerfile")
    .replace(/\\\n\s*/g, "")
    .split("\n")
    .filter((line) => line !== "" && !line.startsWith("#"));

  it("is what `slipway init` writes for a site with npm", () => {
    expect(read("Dockerfile")).toBe(
      renderDockerfile({
        name: "gatsby-site",
        manager: { name: "npm", folder: ".", lockFile: "package-lock.json" },
        nodeImage: renderNodeImage(24),
        site: ".",
        script: "build",
        configuration: "nginx.conf",
        pathPrefix: "",
        installInputs: [],
      }),
    );
  });

  it("needs no frontend from a registry", () => {
    expect(read("Dockerfile")).not.toMatch(/^#\s*syntax\s*=/im);
  });

  it("installs the packages before it copies the pages", () => {
    const positions = [
      "COPY --from=manifests /manifests/files/",
      "RUN .*npm ci",
      "COPY \\. \\.",
    ].map((start) => instructions.findIndex((line) => new RegExp(`^${start}`).test(line)));

    expect(positions).not.toContain(-1);
    expect(positions).toEqual([...positions].sort((a, b) => a - b));
  });

  it("copies from other stages what is beside few files, whose names BuildKit reads all", () => {
    const sources = instructions.flatMap(
      (line) => /^COPY --from=(?:.* )?(\/\S+) /.exec(line)?.[1] ?? [],
    );
    expect(sources).toHaveLength(5);
    for (const source of sources) expect(dirname(source)).toMatch(/^\/(manifests|release)$/);
  });

  it("leaves nothing but pages and configuration in the image, which runs without root", () => {
    const final = instructions.slice(instructions.lastIndexOf("FROM ${NGINX_IMAGE}") + 1);

    expect(final).toEqual([
      "COPY --from=builder --chmod=644 /release/nginx.conf /etc/nginx/nginx.conf",
      "COPY --from=builder /release/nginx/ /etc/nginx/gatsby/",
      "ARG PATH_PREFIX",
      "COPY --from=builder /release/site /srv/site$PATH_PREFIX",
      "USER 101",
      "EXPOSE 8080",
      "STOPSIGNAL SIGQUIT",
      expect.stringMatching(/^CMD \["sh", "-c", ".*exec nginx -g 'daemon off;'"\]$/),
    ]);
  });

  it("gives every step that may reach the network the certificate authority, and bakes in none", () => {
    const runs = instructions.filter((line) => /^RUN .*\bwith-env\b/.test(line));

    expect(runs).toHaveLength(2);
    for (const step of runs) expect(step).toContain("--mount=type=secret,id=ca");
    expect(instructions.join("\n")).not.toMatch(/^ENV .*CA/m);
  });
});

describe("site/Dockerfile's command", () => {
  it.each([
    [
      "has IPv6",
      "00000000000000000000000000000001 01 80 10 80 lo\n",
      "listen [::]:8080 default_server;\n",
    ],
    ["has it switched off", "", undefined],
    ["knows none", undefined, undefined],
  ])("lets nginx listen on IPv6 if the machine %s", (_machine, addresses, written) => {
    const folder = mkdtempSync(join(tmpdir(), "slipway-command-"));
    if (addresses !== undefined) writeFileSync(join(folder, "if_inet6"), addresses);
    const command = JSON.parse(/^CMD (.*)$/m.exec(read("Dockerfile"))?.[1] ?? "[]") as string[];
    const [shell = "", ...args] = command.map((argument) =>
      argument
        .replace("/tmp/", `${folder}/`)
        .replace("/proc/net/if_inet6", join(folder, "if_inet6"))
        .replace("exec nginx", "exec echo nginx"),
    );

    expect(execFileSync(shell, args, { encoding: "utf8" })).toBe("nginx -g daemon off;\n");
    const file = join(folder, "listen-ipv6.conf");
    expect(existsSync(file) ? readFileSync(file, "utf8") : undefined).toBe(written);
    rmSync(folder, { recursive: true });
  });
});

describe("site/Dockerfile's output folder", () => {
  it("is Gatsby's own when nothing else is said", () => {
    expect(read("Dockerfile")).toMatch(/^ARG OUTPUT_DIRECTORY=public$/m);
  });

  it("is built in a step that does nothing else: an error shows the whole step", () => {
    const build = read("Dockerfile")
      .split(/^(?=RUN)/m)
      .find((step) => step.includes("npm run build"));
    expect(build?.split("\n\n")[0]).toMatch(/\n {4}with-env with-webpack-cache npm run build$/);
  });
});

/** Cases of its kind: cut out of the Dockerfile, and run in a folder that looks like Gatsby's output. */
describe("site/Dockerfile's replacement of webpack's hash", () => {
  const step = /^RUN cd \/release\/site[\s\S]*?chmod.*$/m
    .exec(read("Dockerfile"))?.[0]
    .replace(/^RUN cd \/release\/site/, "true");
  let folder: string;

  beforeEach(() => (folder = mkdtempSync(join(tmpdir(), "slipway-public-"))));
  afterEach(() => rmSync(folder, { recursive: true }));

  const write = (file: string, content: string): void => {
    mkdirSync(dirname(join(folder, file)), { recursive: true });
    writeFileSync(join(folder, file), content);
  };
  const run = () =>
    execFileSync("sh", ["-c", step ?? "exit 9"], {
      cwd: folder,
    });
  const hash = "0123456789abcdef0123";

  it.each(["about", "machine learning", "what's new", 'the "other" list', "über uns", "a&b", "🚀"])(
    "changes the page %s",
    (name) => {
      write("page-data/app-data.json", `{"webpackCompilationHash":"${hash}"}`);
      write("webpack.stats.json", "{}");
      write(`tags/${name}/index.html`, `<script>"${hash}"</script>`);
      run();
      expect(readFileSync(join(folder, `tags/${name}/index.html`), "utf8")).toBe(
        '<script>"44136fa355b3678a1146"</script>',
      );
    },
  );

  it("leaves the output of another program as it is", () => {
    write("index.html", hash);
    run();
    expect(readFileSync(join(folder, "index.html"), "utf8")).toBe(hash);
  });
});

describe("site/.dockerignore", () => {
  it.each(["node_modules", "public", ".cache", ".git", ".env*", "README.md"])(
    "leaves out %s",
    (entry) => {
      expect(read(".dockerignore").split("\n")).toContain(entry);
    },
  );
});

describe("site/.dockerignore and files of environment variables", () => {
  const rules = readIgnoreRules({ directory: site, dockerfile: join(site, "Dockerfile") });

  it.each([".env", ".env.local", ".env.development"])("leaves out %s", (file) => {
    expect(rules.ignores(file)).toBe(true);
  });

  it("takes what Gatsby reads in a build", () => {
    expect(rules.ignores(".env.production")).toBe(false);
  });
});

describe("site/nginx.conf", () => {
  it.each([
    "nginx.conf",
    "nginx.pages.mjs",
    "nginx.redirects.mjs",
    "nginx.compression.mjs",
    "nginx.hashes.mjs",
  ])("is what `slipway init` writes: %s", (file) => {
    expect(read(file)).toBe(readTemplate(file));
  });

  it("keeps all headers in one place, since a location with its own would lose them", () => {
    const locations = [...read("nginx.conf").matchAll(/location [^{]*\{([^}]*)\}/g)];

    expect(locations).not.toHaveLength(0);
    for (const [, body] of locations) expect(body).not.toContain("add_header");
  });

  it("writes to /tmp alone", () => {
    const paths = [...read("nginx.conf").matchAll(/^\s*(?:pid|\w+_temp_path) (\S+);/gm)];

    expect(paths).toHaveLength(6);
    for (const [, path] of paths) expect(path).toMatch(/^\/tmp\//);
  });
});
