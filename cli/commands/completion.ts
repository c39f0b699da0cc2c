import type { Command } from "commander";

import { UserError } from "../errors";
import type { CommandContext } from "../io";

/** What a shell can complete after a command's name. */
interface Completion {
  readonly name: string;
  readonly summary: string;
  readonly options: readonly string[];
  readonly takesStacks: boolean;
}

const renderers: Readonly<Record<string, (commands: readonly Completion[]) => string>> = {
  bash: renderBash,
  // zsh runs bash's functions.
  zsh: (commands) =>
    `autoload -Uz compinit bashcompinit && compinit && bashcompinit\n${renderBash(commands)}`,
  fish: renderFish,
};

/**
 * `slipway completion`: prints the script with which a shell completes commands, options, and the stacks that have a
 * file in this folder or one below it.
 *
 * @throws UserError if there is none for the shell
 */
export function printCompletion(
  shell: string,
  program: Command,
  io: Pick<CommandContext, "print">,
): void {
  const render = renderers[shell] as (typeof renderers)[string] | undefined;
  if (render === undefined) {
    const known = Object.keys(renderers).join(", ");
    throw new UserError(
      `There is no completion for the shell "${shell}". Use one of these: ${known}.`,
    );
  }
  io.print(
    render(
      program.commands.map((command) => ({
        name: command.name(),
        summary: command.summary(),
        options: [...command.options.flatMap(({ long }) => long ?? []), "--help"],
        takesStacks: command.registeredArguments.some(({ description }) =>
          /^stacks? /.test(description),
        ),
      })),
    ),
  );
}

const globalOptions = ["--cwd", "--help", "--version"];

/** Names of the stacks that have a file here, or one folder below, where `slipway` finds the program too. */
const listStacks = String.raw`for file in Pulumi.*.yaml */Pulumi.*.yaml; do [ -e "$file" ] && printf '%s\n' "$file"; done | sed -E 's/.*Pulumi\.(.*)\.yaml$/\1/'`;

function renderBash(commands: readonly Completion[]): string {
  const cases = commands.map(({ name, options, takesStacks }) => {
    const stacks = takesStacks ? " $(_slipway_stacks)" : "";
    return `    ${name}) words="${options.join(" ")}${stacks}" ;;`;
  });
  const names = commands.map(({ name }) => name);
  return `_slipway_stacks() { ${listStacks}; }
_slipway() {
  local word="\${COMP_WORDS[COMP_CWORD]}" command= words= index=1
  while [ "$index" -lt "$COMP_CWORD" ]; do
    case "\${COMP_WORDS[index]}" in
    -C | --cwd) index=$((index + 1)) ;;
    -*) ;;
    *) command="\${COMP_WORDS[index]}"; break ;;
    esac
    index=$((index + 1))
  done
  case "$command" in
    "") words="${[...names, ...globalOptions].join(" ")}" ;;
${cases.join("\n")}
  esac
  COMPREPLY=($(compgen -W "$words" -- "$word"))
}
complete -F _slipway slipway`;
}

function renderFish(commands: readonly Completion[]): string {
  const quote = (text: string): string => `'${text.replaceAll("'", "\\'")}'`;
  const lines = commands.flatMap(({ name, options, summary, takesStacks }) => {
    const of = `complete -c slipway -n '__fish_seen_subcommand_from ${name}' -f`;
    return [
      `complete -c slipway -n __fish_use_subcommand -f -a ${name} -d ${quote(summary)}`,
      ...options.map((option) => `${of} -l ${option.replace(/^--/, "")}`),
      ...(takesStacks ? [`${of} -a '(__slipway_stacks)'`] : []),
    ];
  });
  const global = globalOptions.map(
    (option) => `complete -c slipway -n __fish_use_subcommand -l ${option.replace(/^--/, "")}`,
  );
  return [
    "function __slipway_stacks",
    `  sh -c ${quote(listStacks.replaceAll("\\", "\\\\"))}`,
    "end",
    ...global,
    ...lines,
  ].join("\n");
}
