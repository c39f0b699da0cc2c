import type { Command } from "commander";

import { createProgram } from "../../cli/program";
import { FakeIo } from "./cli";

const program = createProgram(new FakeIo({}));

/** Names of all commands. */
export const commandNames = program.commands.map((command) => command.name());

/** A command's help, with its examples. */
export function renderHelp(name: string): string {
  let help = "";
  const command = findCommand(name)!;
  command.configureOutput({ writeOut: (text) => (help += text) }).outputHelp();
  return help;
}

/**
 * Finds what is wrong with the calls of `slipway` in a shell line: a command, an option or a number of arguments that
 * the command line does not know.
 */
export function findCallProblems(line: string): string[] {
  const word = /"[^"]*"|'[^']*'|<[^>\s]+>|[^\s|;&<>)"'`#]+/.source;
  const calls = line.matchAll(
    new RegExp(`(?<=^|[\\s("'\`])(?<!--name )slipway((?:\\s+(?:${word}))+)`, "g"),
  );
  return [...calls].flatMap(([, words]) =>
    findProblems(words.trim().match(/"[^"]*"|'[^']*'|\S+/g) ?? []),
  );
}

function findProblems([name, ...words]: readonly string[]): string[] {
  if (name === "--cwd" || name === "-C") return findProblems(words.slice(1));
  const global = [...program.options, ...program.commands.flatMap(({ options }) => options)];
  if (name === "--help" || name === "--version") return [];
  const command = findCommand(name);
  if (command === undefined) return [`slipway has no command ${name}`];
  const [own] = [words.includes("--") ? words.slice(0, words.indexOf("--")) : words];
  const options = own.filter((word) => word.startsWith("-"));
  const known = [...command.options, ...program.options];
  const unknown = options.filter(
    (word) =>
      word !== "--help" &&
      !known.some(({ long, short }) => [long, short].includes(word.split("=")[0])),
  );
  const takes = (word = "") =>
    global.some(({ long, required, short }) => required && [long, short].includes(word));
  const given = own.filter((word, index) => !word.startsWith("-") && !takes(own[index - 1]));
  const required = command.registeredArguments.filter((argument) => argument.required).length;
  const most = command.registeredArguments.some(({ variadic }) => variadic)
    ? Infinity
    : command.registeredArguments.length;
  // A sentence may name a command without its arguments.
  const isWrong = given.length > most || (given.length < required && words.length > 0);
  return [
    ...unknown.map((option) => `slipway ${name} has no option ${option}`),
    ...(isWrong
      ? [`slipway ${name} does not take ${given.length} arguments: ${given.join(" ")}`]
      : []),
  ];
}

function findCommand(name: string): Command | undefined {
  return program.commands.find((command) => command.name() === name);
}
