import { readFileSync } from "node:fs";

import * as cleaning from "../../cli/commands/cleanup";
import { UserError } from "../../cli/errors";
import { main } from "../../cli/main";
import * as environment from "../../cli/commands/env";
import * as promotion from "../../cli/commands/promote";
import * as return_ from "../../cli/commands/rollback";
import * as listing from "../../cli/commands/tokens";
import * as update from "../../cli/commands/up";
import { FakeIo } from "../support/cli";

jest.mock("../../cli/commands/cleanup");
jest.mock("../../cli/commands/env");
jest.mock("../../cli/commands/promote");
jest.mock("../../cli/commands/rollback");
jest.mock("../../cli/commands/tokens");
jest.mock("../../cli/commands/up");

const cleanup = jest.mocked(cleaning.cleanup);
const promote = jest.mocked(promotion.promote);
const rollback = jest.mocked(return_.rollback);
const up = jest.mocked(update.up);
const tokens = jest.mocked(listing.tokens);
const env = jest.mocked(environment.env);

let said: string;
let complained: string;

beforeEach(() => {
  said = "";
  complained = "";
  jest.spyOn(process.stdout, "write").mockImplementation((text) => Boolean((said += String(text))));
  jest
    .spyOn(process.stderr, "write")
    .mockImplementation((text) => Boolean((complained += String(text))));
  jest.spyOn(console, "error").mockImplementation((...texts: unknown[]) => {
    complained += `${texts.map((text) => (text instanceof Error ? text.stack : text)).join(" ")}\n`;
  });
  cleanup.mockReset().mockResolvedValue(true);
  promote.mockReset().mockResolvedValue(true);
  rollback.mockReset().mockResolvedValue();
  up.mockReset().mockResolvedValue();
  tokens.mockReset().mockResolvedValue(0);
  env.mockReset().mockResolvedValue();
});
afterEach(() => jest.restoreAllMocks());

const run = (...args: string[]) => main(args, new FakeIo({}));

describe("slipway", () => {
  it.each<[string[], object]>([
    [["promote", "staging", "prod"], { cwd: process.cwd(), yes: false }],
    [["promote", "staging", "prod", "--yes"], { yes: true }],
    [["-C", "/srv", "promote", "staging", "prod", "-y"], { cwd: "/srv", yes: true }],
  ])("promotes: %j", async (args, options) => {
    expect(await run(...args)).toBe(0);
    expect(promote.mock.calls[0][0]).toMatchObject({ from: "staging", to: "prod", ...options });
  });

  it.each<[string[], object]>([
    [["rollback", "prod"], { to: undefined, yes: false }],
    [["rollback", "prod", "--to", "v1.0.0", "--yes"], { to: "v1.0.0", yes: true }],
  ])("rolls back: %j", async (args, options) => {
    expect(await run(...args)).toBe(0);
    expect(rollback.mock.calls[0][0]).toEqual({ cwd: process.cwd(), stack: "prod", ...options });
  });

  it.each<[string[], object]>([
    [["up"], { stack: undefined, yes: false, pulumiOptions: [] }],
    [["up", "prod", "--yes"], { stack: "prod", yes: true, pulumiOptions: [] }],
    [
      ["up", "prod", "--", "--diff", "-p", "1"],
      { stack: "prod", pulumiOptions: ["--diff", "-p", "1"] },
    ],
    [["up", "--", "--skip-preview"], { stack: undefined, pulumiOptions: ["--skip-preview"] }],
  ])("updates: %j", async (args, options) => {
    expect(await run(...args)).toBe(0);
    expect(up.mock.calls[0][0]).toMatchObject({ cwd: process.cwd(), ...options });
  });

  it.each<[string[], object]>([
    [["tokens"], { stack: undefined, prune: false, yes: false }],
    [["tokens", "prod", "--prune", "-y"], { stack: "prod", prune: true, yes: true }],
  ])("lists tokens: %j", async (args, options) => {
    expect(await run(...args)).toBe(0);
    expect(tokens.mock.calls[0][0]).toEqual({ cwd: process.cwd(), ...options });
  });

  it("prints an environment", async () => {
    expect(await run("-C", "/srv", "env", "prod")).toBe(0);
    expect(env.mock.calls[0][0]).toEqual({ cwd: "/srv", stack: "prod" });
  });

  it.each<[string[], object]>([
    [["cleanup"], { stack: undefined, apply: false, yes: false, without: [] }],
    [["cleanup", "prod", "--apply", "-y"], { stack: "prod", apply: true, yes: true }],
    [["cleanup", "--without", "a", "--without", "b"], { stack: undefined, without: ["a", "b"] }],
  ])("cleans up: %j", async (args, options) => {
    expect(await run(...args)).toBe(0);
    expect(cleanup.mock.calls[0][0]).toMatchObject({ cwd: process.cwd(), ...options });
  });

  it.each([
    [
      ["promote", "staging"],
      "error: missing required argument 'to'\n(`slipway promote --help` shows its arguments, its options and an example.)\n",
    ],
    [["promote", "a", "b", "c"], "error: too many arguments"],
    [["rollback", "prod", "--too", "x"], "error: unknown option '--too'"],
    [
      ["demote", "prod"],
      "error: unknown command 'demote'\n(Did you mean promote?)\n(`slipway --help` lists the commands and options.)\n",
    ],
    [[], "Usage: slipway"],
  ])("answers the wrong usage %j with exit code 2", async (args, message) => {
    expect(await run(...args)).toBe(2);
    expect(complained).toContain(message);
    expect([promote.mock.calls, rollback.mock.calls]).toEqual([[], []]);
  });

  it("lists the commands, and prints its version", async () => {
    expect(await run("--help")).toBe(0);
    expect(said).toMatch(/promote .*<from> <to>[^]*rollback .*<stack>/);

    said = "";
    expect(await run("--version")).toBe(0);
    const { version } = JSON.parse(readFileSync("package.json", "utf8")) as { version: string };
    expect(said).toBe(`${version}\n`);
  });

  it("prints an error that the user can fix without a stack trace, with exit code 1", async () => {
    promote.mockRejectedValue(new UserError("Nothing was changed."));
    expect(await run("promote", "staging", "prod")).toBe(1);
    expect(complained).toBe("error: Nothing was changed.\n");
  });

  it.each([
    [{}, "\x1b[31merror:\x1b[39m Nothing was changed.\n"],
    [{ NO_COLOR: "1" }, "error: Nothing was changed.\n"],
  ])("colours only the word before it in a terminal: %j", async (env, text) => {
    const { isTTY } = process.stderr;
    process.stderr.isTTY = true;
    try {
      promote.mockRejectedValue(new UserError("Nothing was changed."));
      const io = new FakeIo({});
      io.env = env;
      await main(["promote", "staging", "prod"], io);
      expect(complained).toBe(text);
    } finally {
      process.stderr.isTTY = isTTY;
    }
  });

  it("asks to report a bug, with its stack trace, with exit code 70", async () => {
    promote.mockRejectedValue(new TypeError("x is not a function"));
    expect(await run("promote", "staging", "prod")).toBe(70);
    expect(complained).toMatch(
      /^This is a bug in slipway\. Please report it with these lines:\n[^]*x is not a function\n\s+at /,
    );
  });
});
