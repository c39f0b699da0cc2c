import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { printCompletion } from "../../../cli/commands/completion";
import { createProgram } from "../../../cli/program";
import { FakeIo } from "../../support/cli";

let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "slipway-completion-"));
  mkdirSync(join(folder, "deploy"));
  for (const file of ["Pulumi.yaml", "Pulumi.dev.yaml", "Pulumi.prod.yaml"]) {
    writeFileSync(join(folder, "deploy", file), "");
  }
});

afterAll(() => rmSync(folder, { recursive: true }));

function render(shell: string): string {
  const io = new FakeIo({});
  printCompletion(shell, createProgram(io), io);
  return io.printed.join("\n");
}

/** What bash offers for the last of these words. */
function complete(...words: string[]): string[] {
  const list = words.map((word) => `'${word}'`).join(" ");
  const script = `${render("bash")}
COMP_WORDS=(${list}); COMP_CWORD=${words.length - 1}; _slipway; printf '%s\\n' "\${COMPREPLY[@]}"`;
  // With a socket as input, which Node's pipe is, bash may take itself for a remote shell and read its startup file.
  const { stderr, stdout } = spawnSync("bash", ["--norc", "-euc", script], {
    cwd: folder,
    encoding: "utf8",
    stdio: ["ignore", "pipe", "pipe"],
  });
  expect(stderr).toBe("");
  return stdout.split("\n").filter(Boolean);
}

describe("slipway completion", () => {
  it.each([
    [["slipway", "pro"], ["promote"]],
    [["slipway", "--v"], ["--version"]],
    [["slipway", "up", "--re"], ["--rebuild"]],
    [
      ["slipway", "promote", ""],
      ["--yes", "--help", "dev", "prod"],
    ],
    [["slipway", "--cwd", "deploy", "rotate", "--a"], ["--all"]],
    [["slipway", "redact", "d"], []],
  ])("completes in bash: %j", (words, offered) => {
    expect(complete(...words)).toEqual(offered);
  });

  it("lets zsh run the functions of bash", () => {
    expect(render("zsh")).toBe(
      `autoload -Uz compinit bashcompinit && compinit && bashcompinit\n${render("bash")}`,
    );
  });

  it("has a line for each command, option and list of stacks for fish", () => {
    const lines = render("fish").split("\n");
    expect(lines).toEqual(
      expect.arrayContaining([
        "complete -c slipway -n __fish_use_subcommand -f -a status -d 'show what runs where'",
        "complete -c slipway -n '__fish_seen_subcommand_from up' -f -l rebuild",
        "complete -c slipway -n '__fish_seen_subcommand_from up' -f -a '(__slipway_stacks)'",
      ]),
    );
    expect(lines.join("\n")).not.toContain("from redact' -f -a");
  });

  it("names the shells that there is a completion for", () => {
    expect(() => render("powershell")).toThrow(
      'There is no completion for the shell "powershell". Use one of these: bash, zsh, fish.',
    );
  });
});
