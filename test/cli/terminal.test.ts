import { findTerminal, Terminal, type TerminalLine } from "../../cli/terminal";
import { Screen } from "./progress/support/screen";

const lines = (...texts: readonly string[]): TerminalLine[] =>
  texts.map((text) => ({ text, width: text.length }));

const hide = "\x1b[?25l";
const show = "\x1b[?25h";

describe("a terminal", () => {
  it("draws lines in place of those before, be they more or fewer", async () => {
    const screen = new Screen();
    const terminal = new Terminal(screen, false);
    terminal.print("above");
    terminal.draw(lines("one, which is long", "two", "three"));
    terminal.draw(lines("one"));
    expect(await screen.read()).toBe("above\none");
    terminal.draw(lines("1", "2"));
    expect(await screen.read()).toBe("above\n1\n2");
    terminal.release();
  });

  it("writes nothing if nothing is new", () => {
    const screen = new Screen();
    const terminal = new Terminal(screen, false);
    terminal.draw(lines("one", "two"));
    const { length } = screen.written;
    terminal.draw(lines("one", "two"));
    expect(screen.written).toHaveLength(length);
    terminal.release();
  });

  it("prints above what is drawn, also more than fits, and below it once it is released", async () => {
    const screen = new Screen({ rows: 4 });
    const terminal = new Terminal(screen, false);
    terminal.draw(lines("drawn", "here"));
    terminal.print("1\n2\n3\n4\n5");
    terminal.draw(lines("again", "here"));
    expect(await screen.read()).toBe("1\n2\n3\n4\n5\nagain\nhere");
    terminal.release();
    terminal.print("below");
    terminal.draw(lines("next"));
    expect(await screen.read()).toBe("1\n2\n3\n4\n5\nagain\nhere\nbelow\nnext");
    terminal.release();
  });

  it("hides the cursor only while it draws, and shows it when the process ends", () => {
    const before = process.listenerCount("exit");
    const screen = new Screen();
    const terminal = new Terminal(screen, false);
    terminal.print("text");
    terminal.release();
    expect(screen.written).toBe("text\x1b[K\n".replace("\x1b[K", ""));
    terminal.draw(lines("drawn"));
    expect(screen.written).toContain(hide);
    expect(process.listenerCount("exit")).toBe(before + 1);
    const [restore] = process.listeners("exit").slice(-1);
    restore?.(0);
    expect(screen.written.endsWith(show)).toBe(true);
    terminal.release();
    expect(process.listenerCount("exit")).toBe(before);
  });

  it("is taken to be of the usual size if it does not say it", () => {
    const terminal = new Terminal({ columns: 0, rows: 0, write: () => true }, false);
    expect([terminal.columns, terminal.rows]).toEqual([80, 24]);
  });
});

describe("findTerminal", () => {
  const stream = { columns: 80, rows: 24, write: () => true };

  it.each([
    [{}, true, true],
    [{ CI: "false" }, true, true],
    [{ CI: "" }, true, true],
    [{}, false, false],
    [{}, undefined, false],
    [{ TERM: "dumb" }, true, false],
    [{ CI: "true" }, true, false],
    [{ CI: "1" }, true, false],
  ])("finds one with %j and isTTY %s: %s", (env, isTTY, isFound) => {
    expect(findTerminal(env, { ...stream, isTTY }) !== undefined).toBe(isFound);
  });

  it("respects NO_COLOR", () => {
    const isColored = (env: NodeJS.ProcessEnv) =>
      findTerminal(env, { ...stream, isTTY: true })?.color;
    expect([{}, { NO_COLOR: "" }, { NO_COLOR: "1" }].map(isColored)).toEqual([true, true, false]);
  });
});
