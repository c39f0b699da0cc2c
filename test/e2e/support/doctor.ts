import { inSandbox, shell } from "./checkout";

/** Options of kubectl for the namespace of stack `dev`. */
export const inNamespace = "--namespace gatsby-site-dev";

/** What `slipway doctor --json` prints. */
export interface Diagnosis {
  readonly code: number | null;
  readonly output: string;
  readonly verdict: string;
  readonly steps: readonly {
    readonly id: string;
    readonly status: string;
    readonly findings?: readonly { readonly cause: string; readonly lines?: readonly string[] }[];
    readonly warnings?: readonly { readonly cause: string }[];
  }[];
}

/**
 * Runs `slipway doctor` in the sandbox's environment.
 *
 * @param args its arguments
 * @param setup shell commands before it, such as exports
 */
export async function diagnose(args = "dev", setup = ":"): Promise<Diagnosis> {
  const { code, output } = await shell(
    `eval "$(make -s env)"; ${setup}; npx slipway doctor ${args} --json 2>/dev/null`,
  );
  const begin = output.indexOf("{\n");
  if (begin === -1) throw new Error(`\`slipway doctor\` ended with code ${code}:\n${output}`);
  return {
    ...(JSON.parse(output.slice(begin)) as Omit<Diagnosis, "code" | "output">),
    code,
    output,
  };
}

/** Checks that exactly these steps fail, each with its cause, and that the exit code is the class's. */
export function expectFailure(
  { code, steps }: Diagnosis,
  expected: Readonly<Record<string, RegExp>>,
  exitCode: number,
): void {
  const failed = steps.filter(({ status }) => status === "failed");
  const causes = Object.fromEntries(
    failed.map(({ findings = [], id }) => [id, findings.map(({ cause }) => cause).join("\n")]),
  );
  const matching = Object.fromEntries(
    Object.entries(expected).map(([id, cause]) => [id, expect.stringMatching(cause) as unknown]),
  );
  expect({ causes, code }).toEqual({ causes: matching, code: exitCode });
}

interface Template {
  readonly spec: { readonly containers: readonly object[] };
}

/**
 * Changes the site's Deployment as somebody with kubectl does, and undoes it after `use`.
 *
 * @param container fields that the container gets
 * @param word what the new pods or their events have to say before `use`
 * @param pod fields that the pod gets
 */
export async function whilePatched<T>(
  container: object,
  word: string,
  use: () => Promise<T>,
  pod: object = {},
): Promise<T> {
  const path = "jsonpath={.spec.template}";
  const text = await inSandbox(`kubectl get deployment gatsby-site ${inNamespace} -o '${path}'`);
  const before = JSON.parse(text) as Template;
  const [first, ...others] = before.spec.containers;
  const containers = [{ ...first, ...container }, ...others];
  const objects = `kubectl get deployments,pods,events ${inNamespace} --output json`;
  try {
    await inSandbox(
      [
        // What earlier pods said is of no interest.
        `kubectl delete events --all ${inNamespace} >/dev/null`,
        replaceTemplate({ ...before, spec: { ...before.spec, ...pod, containers } }),
        `for i in $(seq 180); do ${objects} | grep -q '${word}' && exit; sleep 0.5; done`,
        `echo "No pod says '${word}'."; exit 1`,
      ].join(" && "),
    );
    return await use();
  } finally {
    const status = `kubectl rollout status deployment gatsby-site ${inNamespace} --timeout 90s`;
    await inSandbox(`${replaceTemplate(before)} && ${status}`);
  }
}

function replaceTemplate(value: Template): string {
  const patch = JSON.stringify([{ op: "replace", path: "/spec/template", value }]);
  const quoted = patch.replaceAll("'", "'\\''");
  return `kubectl patch deployment gatsby-site ${inNamespace} --type json --patch '${quoted}' >/dev/null`;
}
