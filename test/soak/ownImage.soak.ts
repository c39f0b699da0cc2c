import { cpSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { checkout, createCheckout, git, inSandbox, make, shell } from "../e2e/support/checkout";
import { TestStack } from "./credentials/stack";
import { renderLessonDockerfile } from "./sites/files";

const minuteMs = 60_000;
const builds = 20 * minuteMs;
const folder = join(checkout, "lesson");

const ownImage = { siteDirectory: "lesson", webServer: "image", containerPort: "80" };
const majors = [18, 20, 22];
let stack: TestStack;

beforeAll(async () => {
  createCheckout();
  const images = ["nginx:alpine", ...majors.flatMap((major) => [`node:${major}`, slim(major)])];
  await make(`images NAMES="${images.join(" ")}"`);
  cpSync(join(checkout, "site"), folder, { recursive: true });
  for (const ours of ["nginx.conf", "Dockerfile"]) rmSync(join(folder, ours));
  writeFileSync(join(folder, "Dockerfile"), renderLessonDockerfile(18));
  git(checkout, "add", "--all");
  stack = await TestStack.create("lesson", ownImage);
}, 30 * minuteMs);

afterAll(async () => {
  await stack.remove();
  await shell("make down");
}, 5 * minuteMs);

function slim(major: number): string {
  return `node:${major}-bookworm-slim`;
}

async function expectServed(): Promise<void> {
  const home = await fetch(await stack.output("url"));
  expect(home.status).toBe(200);
  expect(await home.text()).toContain('id="___gatsby"');
}

describe("the Dockerfile of the lesson", () => {
  it(
    "builds, and runs as it is in a namespace that allows no privileges",
    async () => {
      const output = await stack.up();
      expect(output).toContain(
        "The image's own web server answers without `X-Robots-Tag: noindex`, so that search engines may list this site",
      );
      await expectServed();
      const logs = await inSandbox(
        `kubectl logs --namespace ${await stack.output("namespace")} deployment/${await stack.output("deployment")}`,
      );
      // The entry point of the image tries to edit its configuration, and continues when it can't.
      expect(logs).toContain("can not modify /etc/nginx/conf.d/default.conf");
      expect(logs).toMatch(/"user" directive makes sense only if the master process runs/);
    },
    builds,
  );

  it(
    "has nothing to change in a preview afterwards",
    async () => {
      expect(await stack.expectNoChanges()).toMatch(/\d+ unchanged/);
    },
    5 * minuteMs,
  );

  it(
    "runs as the image's own user",
    async () => {
      stack.configure({ userId: "101" });
      await stack.up();
      await expectServed();
    },
    builds,
  );

  it(
    "is refused values for its pages before anything changes",
    async () => {
      stack.configure({ publicConfig: { notice: "Sale" } });
      const { code, output } = await stack.attempt(`npx slipway up ${stack.fullName} --yes`);
      stack.configure({ publicConfig: undefined });
      expect(output).toContain('`publicConfig` has no effect with `webServer` "image"');
      expect(code).toBe(1);
    },
    5 * minuteMs,
  );

  it(
    "becomes Slipway's, with its own web server and back",
    async () => {
      stack.configure({
        ...ownImage,
        siteDirectory: "site",
        webServer: undefined,
        containerPort: undefined,
      });
      await stack.up();
      await expectServed();
      stack.configure(ownImage);
      await stack.up();
      await expectServed();
    },
    2 * builds,
  );
});

describe.each(majors)("Node %d", (major) => {
  it(
    "builds the lesson's Dockerfile",
    async () => {
      writeFileSync(join(folder, "Dockerfile"), renderLessonDockerfile(major));
      stack.configure(ownImage);
      await stack.up();
      await expectServed();
    },
    builds,
  );

  it(
    "builds Slipway's Dockerfile",
    async () => {
      stack.configure({
        siteDirectory: "site",
        webServer: undefined,
        containerPort: undefined,
        buildArgs: { NODE_IMAGE: `docker.io/library/${slim(major)}` },
      });
      await stack.up();
      await expectServed();
      stack.configure({ buildArgs: undefined });
    },
    builds,
  );
});
