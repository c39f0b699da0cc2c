import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";

import { renderDockerfile, templates } from "../../cli/init/dockerfile";
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
    const positions = ["COPY --from=manifests /manifests/", "RUN .*npm ci", "COPY \\. \\."].map(
      (start) => instructions.findIndex((line) => new RegExp(`^${start}`).test(line)),
    );

    expect(positions).not.toContain(-1);
    expect(positions).toEqual([...positions].sort((a, b) => a - b));
  });

  it("leaves nothing but pages and configuration in the image, which runs without root", () => {
    const final = instructions.slice(instructions.lastIndexOf("FROM ${NGINX_IMAGE}") + 1);

    expect(final).toEqual([
      "COPY --from=builder --chmod=644 /site/nginx.conf /etc/nginx/nginx.conf",
      "ARG OUTPUT_DIRECTORY",
      "COPY --from=builder /site/$OUTPUT_DIRECTORY /srv/site",
      "USER 101",
      "EXPOSE 8080",
    ]);
  });

  it("gives every step that may reach the network the certificate authority, and bakes in none", () => {
    const runs = instructions.filter((line) => /^RUN .*\bwith-env\b/.test(line));

    expect(runs).toHaveLength(2);
    for (const step of runs) expect(step).toContain("--mount=type=secret,id=ca");
    expect(instructions.join("\n")).not.toMatch(/^ENV .*CA/m);
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
  const step = /^RUN cd "\$OUTPUT_DIRECTORY"[\s\S]*?chmod.*$/m
    .exec(read("Dockerfile"))?.[0]
    .replace(/^RUN /, "");
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
      env: { ...process.env, OUTPUT_DIRECTORY: "." },
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
  it("is what `slipway init` writes", () => {
    expect(read("nginx.conf")).toBe(readFileSync(join(templates, "nginx.conf"), "utf8"));
  });

  const hashed = [
    ...read("nginx.conf").matchAll(/^\s+"~(\S+)" "public, max-age=31536000, immutable";/gm),
  ].map(([, pattern]) => new RegExp(pattern));
  const isImmutable = (path: string): boolean => hashed.some((pattern) => pattern.test(path));

  it.each([
    "/app-e63f1729bfc4ceab62eb.js",
    "/app-e63f1729bfc4ceab62eb.js.map",
    "/452-7f164a62833954542eef.js",
    "/component---src-pages-about-tsx-7c4dc5aaa1abfde5d5dc.js",
    "/styles.6351eb267284d2b3ae7e.css",
    "/static/4df7e9aa0382c5adad529e66d2c9bb26/0a2f1/slipway.webp",
  ])("lets browsers keep %s", (path) => {
    expect(isImmutable(path)).toBe(true);
  });

  it.each([
    "/",
    "/about/",
    "/404.html",
    "/favicon.svg",
    "/page-data/app-data.json",
    "/page-data/about/page-data.json",
    "/page-data/sq/d/3764592887.json",
    "/chunk-map.json",
    "/sw.js",
    "/static/logo.svg",
  ])("lets browsers ask again for %s", (path) => {
    expect(isImmutable(path)).toBe(false);
  });

  it("keeps all headers in one place, since a location with its own would lose them", () => {
    const locations = [...read("nginx.conf").matchAll(/location [^{]*\{([^}]*)\}/g)];

    expect(locations).not.toHaveLength(0);
    for (const [, body] of locations) expect(body).not.toContain("add_header");
  });

  it("makes no validators of times that are the same in every release", () => {
    for (const line of [
      "etag off;",
      "if_modified_since off;",
      'add_header Last-Modified "" always;',
    ]) {
      expect(read("nginx.conf")).toContain(line);
    }
  });

  it("writes to /tmp alone", () => {
    const paths = [...read("nginx.conf").matchAll(/^\s*(?:pid|\w+_temp_path) (\S+);/gm)];

    expect(paths).toHaveLength(6);
    for (const [, path] of paths) expect(path).toMatch(/^\/tmp\//);
  });
});
