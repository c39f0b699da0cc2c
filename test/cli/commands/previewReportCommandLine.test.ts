import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import type { CommandContext } from "../../../cli/io";
import { main } from "../../../cli/main";
import { readRecorded } from "../report/support/previews";

let folder: string;
let printed: string[];
const unused = (): never => {
  throw new Error("Not for a report.");
};

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "preview-report-"));
  writeFileSync(join(folder, "dev.json"), readRecorded("edit").json);
  printed = [];
  jest.spyOn(console, "error").mockImplementation(() => undefined);
  jest.spyOn(process.stderr, "write").mockImplementation(() => true);
});

afterEach(() => {
  jest.restoreAllMocks();
  rmSync(folder, { recursive: true });
});

function call(...args: string[]): Promise<number> {
  const print = (text: string): void => void printed.push(text);
  const io: CommandContext = { env: {}, print, confirm: unused, capture: unused, stream: unused };
  return main(["--cwd", folder, "preview-report", ...args], io);
}

describe("command line of slipway preview-report", () => {
  it("takes files and where to write", async () => {
    expect(await call("dev.json", "--widget", "w.json", "--markdown", "r.md")).toBe(0);
    expect(printed[0]).toMatch(/^dev: 5 to update, 1 to create; 10 unchanged\n/);
    expect(readFileSync(join(folder, "w.json"), "utf8")).toBe(
      '{"create":1,"update":5,"delete":0}\n',
    );
    expect(readFileSync(join(folder, "r.md"), "utf8")).toMatch(/^#### `dev`: 5 to update/);
  });

  it("is no failure without what a note needs", async () => {
    expect(await call("dev.json", "--note")).toBe(0);
    expect(printed[1]).toContain("The note is not written:");
  });

  it.each([
    [["none.json"], 1],
    [[], 2],
    [["dev.json", "--warn-days", "soon"], 2],
    [["dev.json", "--unknown"], 2],
  ])("ends %j with %i", async (args, code) => {
    expect(await call(...args)).toBe(code);
  });
});
