import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";

import { Pulumi } from "../../../cli/pulumi/pulumiCli";
import { findProjectFolder } from "../../../cli/projectFolder";
import { createStack, prepareProgram } from "../../../cli/release/prepareProgram";
import { ended, FakeIo } from "../../support/cli";

let cwd: string;
let io: FakeIo;

beforeEach(() => {
  cwd = fs.mkdtempSync(path.join(os.tmpdir(), "slipway-deploy-"));
  write("Pulumi.yaml", "name: site\n");
  write("Pulumi.dev.yaml", "config: {}\n");
  write("Pulumi.prod.yaml", "config:\n  site:promoteFrom: dev\n");
  io = new FakeIo({ dev: {} });
});

afterEach(() => fs.rmSync(cwd, { recursive: true }));

function write(file: string, content: string): void {
  fs.mkdirSync(path.dirname(path.join(cwd, file)), { recursive: true });
  fs.writeFileSync(path.join(cwd, file), content);
}

const prepare = (options: { stack?: string; yes?: boolean } = {}): Promise<string> =>
  prepareProgram({ cwd, yes: true, ...options }, new Pulumi(io, cwd), io);

function selectNone(): void {
  const capture = io.capture.bind(io);
  io.capture = (program, args) =>
    args.includes("--show-name")
      ? Promise.resolve(
          ended(255, "", "error: no stack selected; please use `pulumi stack select`\n"),
        )
      : capture(program, args);
}

describe("prepareProgram", () => {
  it("does nothing for a stack that exists and a program whose packages are there", async () => {
    write("package.json", "{}");
    write("node_modules/x", "");
    expect(await prepare()).toBe("dev");
    expect(io.streamed).toEqual([]);
  });

  it.each([
    ["npm install --no-audit --no-fund", undefined],
    ["npm ci --no-audit --no-fund", "package-lock.json"],
  ])("installs the program's packages: %s", async (command, lockFile) => {
    write("package.json", "{}");
    if (lockFile !== undefined) write(lockFile, "{}");
    await prepare();
    expect(io.streamed).toEqual([command]);
  });

  it("says that the packages can't be installed", async () => {
    write("package.json", "{}");
    io.updates = [ended(1)];
    await expect(prepare()).rejects.toThrow(
      `\`npm install\` failed in \`${cwd}\`; the reason is above. Fix it, and run this again.`,
    );
  });

  it("chooses the stack that takes no other's release", async () => {
    selectNone();
    expect(await prepare()).toBe("dev");
  });

  it("wants a stack to be named if several could be the first", async () => {
    selectNone();
    write("Pulumi.test.yaml", "config: {}\n");
    await expect(prepare()).rejects.toThrow(
      "No stack is selected. Name one: `slipway up <stack>`, or select it with `pulumi stack select <stack>`.",
    );
  });
});

describe("createStack", () => {
  const create = (stack: string, options: { stack?: string; yes?: boolean } = {}) =>
    createStack(stack, { cwd, yes: true, ...options }, new Pulumi(io, cwd), io);

  it("creates the stack that was chosen", async () => {
    selectNone();
    expect(await create("dev")).toBe(true);
    expect(io.streamed).toEqual(["pulumi stack init dev"]);
    expect(io.questions).toEqual([]);
  });

  it("creates another one without selecting it", async () => {
    expect(await create("prod", { stack: "prod" })).toBe(true);
    expect(io.streamed).toEqual(["pulumi stack init prod --no-select"]);
  });

  it("asks before it creates one", async () => {
    io.answer = false;
    expect(await create("prod", { stack: "prod", yes: false })).toBe(false);
    expect(io.questions).toEqual(["There is no stack `prod` yet. Create it?"]);
    expect(io.streamed).toEqual([]);
  });

  it("creates none that has no file, and none in a pipeline", async () => {
    expect(await create("other", { stack: "other" })).toBe(false);
    io.env = { GITLAB_CI: "true" };
    expect(await create("prod", { stack: "prod" })).toBe(false);
    expect(io.streamed).toEqual([]);
  });

  it("says if Pulumi could not create it", async () => {
    io.updates = [ended(255)];
    expect(await create("prod", { stack: "prod" })).toBe(false);
  });
});

describe("findProjectFolder", () => {
  it("finds the only project below a folder that is none", () => {
    write("a/deploy/Pulumi.yaml", "");
    write("a/src/index.ts", "");
    expect(findProjectFolder(cwd)).toBe(cwd);
    expect(findProjectFolder(path.join(cwd, "a"))).toBe(path.join(cwd, "a", "deploy"));
    write("a/other/Pulumi.yml", "");
    expect(findProjectFolder(path.join(cwd, "a"))).toBe(path.join(cwd, "a"));
    expect(findProjectFolder(path.join(cwd, "missing"))).toBe(path.join(cwd, "missing"));
  });
});
