import { createIo } from "../../cli/io";

const io = createIo();

afterEach(() => jest.restoreAllMocks());

describe("createIo", () => {
  it("keeps what a program prints, and how it ends", async () => {
    const program = 'process.stdout.write("out"); process.stderr.write("err"); process.exit(3)';
    expect(await io.capture(process.execPath, ["-e", program], ".")).toEqual({
      code: 3,
      stdout: "out",
      stderr: "err",
    });
  });

  it("shows a program's complaints while it runs, and keeps them", async () => {
    const write = jest.spyOn(process.stderr, "write").mockReturnValue(true);
    const program = 'process.stderr.write("locked"); process.kill(process.pid, "SIGKILL")';

    expect(await io.stream(process.execPath, ["-e", program], ".")).toEqual({
      code: -1,
      stdout: "",
      stderr: "locked",
    });
    expect(write).toHaveBeenCalledWith("locked");
  });

  it("names a program that is missing", async () => {
    await expect(io.capture("no-such-program", [], ".")).rejects.toMatchObject({
      name: "UserError",
      message: "`no-such-program` is not on PATH. Install it, or add its folder to PATH.",
    });
  });

  it("does not end before a program that Ctrl-C ends in its own way", async () => {
    const before = process.listenerCount("SIGINT");
    const running = io.capture(process.execPath, ["-e", ""], ".");
    expect(process.listenerCount("SIGINT")).toBe(before + 1);
    await running;
    expect(process.listenerCount("SIGINT")).toBe(before);
  });

  it("fails instead of asking if there is no terminal", async () => {
    const { isTTY } = process.stdin;
    process.stdin.isTTY = false;
    try {
      await expect(io.confirm("Deploy?")).rejects.toThrow(
        "This needs your confirmation, but there is no terminal to ask on. Nothing was changed. To confirm beforehand, add `--yes`.",
      );
    } finally {
      process.stdin.isTTY = isTTY;
    }
  });
});
