import { appendFileSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { checkout, git, inSandbox } from "./support/checkout";
import {
  cloneElsewhere,
  commitElsewhere,
  computeRebuild,
  configureElsewhere,
  elsewhere,
  listChanges,
  runElsewhere,
  shellElsewhere,
} from "./support/elsewhere";
import { readAddedLayers } from "./support/imageLayers";
import { digestOf, tagFirstImageOf } from "./support/registry";
import { emptyBuilder } from "./support/services";

const minuteMs = 60_000;
const up = "pulumi up --stack dev --yes --skip-preview";
const preview = "pulumi preview --stack dev --json 2>/dev/null";
const outputOf = async (name: string): Promise<string> =>
  (await inSandbox(`pulumi stack output ${name} --stack dev`)).trim();

describe("the same site", () => {
  let digest: string;

  beforeAll(async () => {
    digest = await outputOf("digest");
    cloneElsewhere();
  }, minuteMs);

  it(
    "changes nothing from another path, with another umask and other times",
    async () => {
      expect(listChanges(await runElsewhere(preview))).toEqual([]);
    },
    minuteMs,
  );

  it(
    "has the same digest on a fresh builder, which takes every step from the registry's cache",
    async () => {
      await emptyBuilder();
      const built = await runElsewhere(await computeRebuild("dev"));

      expect(built).toMatch(/RUN .*npm ci/);
      expect(built).toMatch(/#\d+ CACHED/);
      // Of a step that is executed, the output has its seconds in front.
      expect(built).not.toMatch(/#\d+ \d+\.\d+ (added|success|info)/);
      expect(await outputOf("digest")).toBe(digest);
    },
    10 * minuteMs,
  );

  it(
    "keeps its digest when only README changes, and gets that commit's tag",
    async () => {
      appendFileSync(join(elsewhere, "README.md"), "One more line.\n");
      commitElsewhere();
      const commit = git(elsewhere, "rev-parse", "HEAD").trim();
      const changes = listChanges(await runElsewhere(preview));
      const others = changes.filter((change) => !change.endsWith(" release-commit"));
      // Of the Deployment only the annotation with the commit.
      expect(others).toEqual(["update kubernetes:apps/v1:Deployment gatsby-site"]);

      await runElsewhere(up);
      expect(await outputOf("digest")).toBe(digest);
      expect(await outputOf("commit")).toBe(commit);
      expect(await digestOf(commit.slice(0, 8))).toBe(digest);
      expect(await digestOf("env-dev")).toBe(digest);
    },
    2 * minuteMs,
  );

  it(
    "takes a version's tag from another image only when that is said",
    async () => {
      git(elsewhere, "tag", "v9.8.7");
      const other = await tagFirstImageOf(digest, "v9.8.7");
      const refused = await shellElsewhere(up);
      expect(refused.code).not.toBe(0);
      expect(refused.output).toContain(
        `error: \`gitlab.thelinuxlabs.com:5050/web/gatsby-site:v9.8.7\` is ${other} already, and this update has ${digest}: nothing was tagged.`,
      );
      expect(await digestOf("v9.8.7")).toBe(other);

      configureElsewhere("dev", { replaceVersion: `v9.8.7@${other}` });
      await runElsewhere(up);
      expect(await digestOf("v9.8.7")).toBe(digest);
      expect(await digestOf(other)).toBe(other);
      expect(await outputOf("version")).toBe("v9.8.7");

      git(elsewhere, "tag", "--delete", "v9.8.7");
    },
    3 * minuteMs,
  );

  it(
    "is not deployed when it is over its budget",
    async () => {
      configureElsewhere("dev", { replaceVersion: undefined, sizeBudgetMiB: 1 });
      const { code, output } = await shellElsewhere(up);
      expect(code).not.toBe(0);
      expect(output).toMatch(
        /error: The image has \d+\.\d MiB of compressed layers, more than its `sizeBudgetMiB` of 1: `[^`]+` was pushed, but is not deployed\./,
      );
      expect(output).toMatch(/ {2}- \d+\.\d MiB: (ADD|COPY|RUN) /);
      configureElsewhere("dev", { sizeBudgetMiB: undefined });
    },
    minuteMs,
  );
});

describe("the image", () => {
  it(
    "is its base, the pages and nginx's rules, and nothing of the builder, of npm or of git",
    async () => {
      const storage = join(checkout, ".sandbox", "test", "registry", "storage");
      const digest = await outputOf("digest");
      const { bytes, files } = readAddedLayers(
        storage,
        digest,
        "COPY --chmod=644 /release/nginx.conf ",
      );
      const [pages, rules] = [/^srv\/site\//, /^etc\/nginx\//].map((place) =>
        files.filter((file) => place.test(file)),
      );

      expect([...pages, ...rules].sort()).toEqual([...files].sort());
      expect([...rules].sort()).toEqual([
        "etc/nginx/gatsby/http.conf",
        "etc/nginx/gatsby/pages.json",
        "etc/nginx/gatsby/server.conf",
        "etc/nginx/nginx.conf",
      ]);
      expect(pages).toEqual(
        expect.arrayContaining([
          "srv/site/about/index.html",
          "srv/site/about/index.html.gz",
          "srv/site/.br/about/index.html",
          "srv/site/404.html",
        ]),
      );
      const foreign = /node_modules|package(-lock)?\.json|nginx\..*mjs|\.tsx?$|\/\.(?!br\/)/;
      expect(pages.filter((file) => foreign.test(file))).toEqual([]);
      // The sample site's pages, pictures and scripts, with their compressed forms.
      expect(bytes).toBeLessThan(2 * 1024 * 1024);
    },
    minuteMs,
  );
});

describe("an image that needs a secret", () => {
  const stack = "secret";
  const token = "npm-s3cret-of-the-build/+~";
  const images = `pulumi up --stack ${stack} --yes --skip-preview --target '**registry**' --target '**site-image**'`;
  const dockerfile = (step: string): void =>
    writeFileSync(
      join(elsewhere, "small", "Dockerfile"),
      `FROM docker.io/nginxinc/nginx-unprivileged:1.29-alpine\nUSER 0\n${step}\n`,
    );

  beforeAll(async () => {
    mkdirSync(join(elsewhere, "small"));
    dockerfile(
      "RUN --mount=type=secret,id=NPM_TOKEN wc -c < /run/secrets/NPM_TOKEN > /length && exit 3",
    );
    await runElsewhere(
      [
        `cp Pulumi.dev.yaml Pulumi.${stack}.yaml`,
        `pulumi stack init ${stack}`,
        `pulumi config set siteDirectory small --stack ${stack}`,
        `pulumi config set tags none --stack ${stack}`,
        // It has the site's repository, whose cache it must not replace.
        `pulumi config set cache false --stack ${stack}`,
        // A site's address needs no cluster then.
        `pulumi config set host secret.example.com --stack ${stack}`,
        `pulumi config set --secret --path buildSecrets.NPM_TOKEN '${token}' --stack ${stack}`,
      ].join(" && "),
    );
  }, minuteMs);

  afterAll(async () => {
    await shellElsewhere(
      `pulumi destroy --stack ${stack} --yes --skip-preview; pulumi stack rm --stack ${stack} --yes --force; pulumi stack select dev`,
    );
  }, 2 * minuteMs);

  it(
    "says which step failed, where, and what that printed",
    async () => {
      const { code, output } = await shellElsewhere(images);
      expect(code).not.toBe(0);
      expect(output).toMatch(
        /docker-build:index:Image \(site-image\):\s+error: failed to solve: process "[^\n]*NPM_TOKEN > \/length && exit 3" did not complete successfully: exit code: 3/,
      );
      expect(output).not.toContain(token);
    },
    2 * minuteMs,
  );

  it(
    "is built with it, and holds it nowhere",
    async () => {
      dockerfile("RUN --mount=type=secret,id=NPM_TOKEN wc -c < /run/secrets/NPM_TOKEN > /length");
      const built = await runElsewhere(images);
      const state = await runElsewhere(`pulumi stack export --stack ${stack}`);
      const stores = ["registry", "pulumi/state"].map((name) => `.sandbox/test/${name}`).join(" ");
      // Layers are compressed; what is not passes through.
      const stored = await inSandbox(
        `find ${stores} -type f -exec sh -c 'for file; do if gzip -dcf "$file" | grep -qF "${token}"; then echo "$file"; fi; done' sh {} +`,
      );
      for (const text of [built, state]) {
        for (const spelling of [token, encodeURIComponent(token), base64(token)]) {
          expect(text).not.toContain(spelling);
        }
      }
      expect(stored).toBe("");
    },
    2 * minuteMs,
  );

  it(
    "is not begun when its Dockerfile is missing",
    async () => {
      configureElsewhere(stack, { dockerfile: "small/Containerfile" });
      const { code, output } = await shellElsewhere(images);
      expect(code).not.toBe(0);
      expect(output).toContain(
        "error: The image can't be built:\n      - There is no `small/Containerfile`: paths are relative to the folder of Pulumi.yaml.",
      );
    },
    minuteMs,
  );
});

function base64(text: string): string {
  return Buffer.from(text).toString("base64").replace(/=+$/, "");
}
