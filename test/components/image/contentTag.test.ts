import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";

import { computeContentTag } from "../../../components/image/contentTag";

let directory: string;

beforeEach(() => {
  directory = fs.mkdtempSync(path.join(os.tmpdir(), "slipway-context-"));
  write("Dockerfile", "FROM scratch\n");
  write("src/pages/index.js", "home\n");
  write("logo.svg", "<svg/>\n");
});

afterEach(() => fs.rmSync(directory, { recursive: true }));

function write(file: string, content: string): void {
  const target = path.join(directory, file);
  fs.mkdirSync(path.dirname(target), { recursive: true });
  fs.writeFileSync(target, content);
}

function tag(buildArgs: Record<string, string> = {}): string {
  return computeContentTag({
    directory,
    dockerfile: path.join(directory, "Dockerfile"),
    buildArgs,
  });
}

/** The tags before and after something happened. */
function around(change: () => void): [string, string] {
  const before = tag();
  change();
  return [before, tag()];
}

describe("computeContentTag", () => {
  it("is a valid tag that says what it is", () => {
    expect(tag()).toMatch(/^content-[0-9a-f]{16}$/);
  });

  it.each<[string, () => void]>([
    ["an edited file", () => write("src/pages/index.js", "edited\n")],
    ["a new file", () => write("src/pages/new.js", "")],
    ["a removed file", () => fs.rmSync(path.join(directory, "logo.svg"))],
    [
      "a renamed file",
      () => fs.renameSync(path.join(directory, "logo.svg"), path.join(directory, "a.svg")),
    ],
    ["another Dockerfile", () => write("Dockerfile", "FROM other\n")],
    ["a file made executable", () => fs.chmodSync(path.join(directory, "logo.svg"), 0o755)],
    ["a new link", () => fs.symlinkSync("logo.svg", path.join(directory, "icon.svg"))],
  ])("changes with %s", (_, change) => {
    const [before, after] = around(change);
    expect(after).not.toBe(before);
  });

  it("changes with a link's target", () => {
    const link = path.join(directory, "icon.svg");
    fs.symlinkSync("logo.svg", link);
    const [before, after] = around(() => {
      fs.rmSync(link);
      fs.symlinkSync("other.svg", link);
    });
    expect(after).not.toBe(before);
  });

  it.each<[string, () => void]>([
    ["times", () => fs.utimesSync(path.join(directory, "logo.svg"), 1, 1)],
    [
      "what a umask leaves of permissions",
      () => {
        fs.chmodSync(path.join(directory, "logo.svg"), 0o666);
        fs.chmodSync(path.join(directory, "src"), 0o777);
      },
    ],
    ["empty folders", () => fs.mkdirSync(path.join(directory, "empty"))],
  ])("does not depend on %s", (_, change) => {
    const [before, after] = around(change);
    expect(after).toBe(before);
  });

  it("does not depend on where the site lies", () => {
    const before = tag();
    const moved = fs.mkdtempSync(path.join(os.tmpdir(), "slipway-elsewhere-"));
    fs.rmSync(moved, { recursive: true });
    fs.renameSync(directory, moved);
    directory = moved;
    expect(tag()).toBe(before);
  });

  it("leaves out what .dockerignore names, folders and exceptions included", () => {
    write(".dockerignore", "node_modules\npublic/\n**/*.log\n!keep.log\n# node.js\n");
    const [before, after] = around(() => {
      write("node_modules/gatsby/index.js", "1");
      write("public/index.html", "1");
      write("src/debug.log", "1");
    });
    expect(after).toBe(before);
    const [, kept] = around(() => write("keep.log", "1"));
    expect(kept).not.toBe(before);
  });

  it("finds an exception below an ignored folder", () => {
    write(".dockerignore", "public\n!public/robots.txt\n");
    const [before, after] = around(() => write("public/robots.txt", "1"));
    expect(after).not.toBe(before);
    const [, same] = around(() => write("public/other.txt", "1"));
    expect(same).toBe(after);
  });

  it("prefers the Dockerfile's own ignore file", () => {
    write(".dockerignore", "logo.svg\n");
    write("Dockerfile.dockerignore", "src\nDockerfile*\n");
    const [before, after] = around(() => write("src/pages/index.js", "edited"));
    expect(after).toBe(before);
    const [, edited] = around(() => write("logo.svg", "edited"));
    expect(edited).not.toBe(before);
  });

  it("counts an ignored Dockerfile, which still decides the image", () => {
    write(".dockerignore", "Dockerfile\n");
    const [before, after] = around(() => write("Dockerfile", "FROM other\n"));
    expect(after).not.toBe(before);
  });

  it("changes with a build argument, but not with their order", () => {
    expect(tag({ A: "1" })).not.toBe(tag());
    expect(tag({ A: "1" })).not.toBe(tag({ A: "2" }));
    expect(tag({ A: "1", B: "2" })).toBe(tag({ B: "2", A: "1" }));
  });
});
