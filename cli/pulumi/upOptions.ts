/** Options of `pulumi up` that agree beforehand. */
const agreements = new Set(["--yes", "-y", "--skip-preview", "-f"]);

/** Options that say what is updated, and how. `pulumi preview` has them too. */
const flags = new Set([
  "--config-path",
  "--exclude-dependents",
  "--ignore-protect",
  "--refresh",
  "-r",
  "--run-program",
  "--skip-config-validation",
  "--skip-plugin-pre-install",
  "--target-dependents",
]);

/** Such options with a value. */
const valued = new Set([
  "--config",
  "-c",
  "--config-file",
  "--exclude",
  "--message",
  "-m",
  "--override-env",
  "--parallel",
  "-p",
  "--policy-pack",
  "--policy-pack-config",
  "--replace",
  "--target",
  "-t",
  "--target-replace",
]);

/** What a person's options of `pulumi up` ask for. */
export interface UpRequest {
  /** The options that say what is updated, which a preview takes too. */
  readonly scope: readonly string[];
  /** Whether they agree beforehand. */
  readonly isAgreed: boolean;
  /** Whether they leave out resources. */
  readonly isPartial: boolean;
}

/**
 * Reads a person's options of `pulumi up`.
 *
 * @returns undefined if there is another one: those choose what Pulumi itself shows (`--diff`, `--json`), or are unknown here
 */
export function readUpOptions(options: readonly string[]): UpRequest | undefined {
  const scope: string[] = [];
  let isAgreed = false;
  for (let index = 0; index < options.length; index++) {
    const option = options[index];
    const [name] = option.split("=");
    const hasValue = name !== option;
    if (agreements.has(option)) {
      isAgreed = true;
    } else if (flags.has(name) || (valued.has(name) && hasValue)) {
      scope.push(option);
    } else if (valued.has(name) && index + 1 < options.length) {
      scope.push(option, options[++index]);
    } else return undefined;
  }
  const isPartial = scope.some((option) => /^(-t|--target|--exclude)/.test(option));
  return { scope, isAgreed, isPartial };
}
