import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";

import { ensureTools } from "../../../sandbox/tools/ensure";

/** The checkers, as `make test` runs them. */
type Checker = "kube-score" | "kubeconform" | "kubesec" | "pod-security";

const checkers: readonly Checker[] = ["kube-score", "kubeconform", "kubesec", "pod-security"];

/** What a checker finds wrong with an object. */
export interface Finding {
  readonly checker: Checker;
  /** Name of the check, by the checker. */
  readonly check: string;
  readonly text: string;
}

/** How a file is checked. */
interface Check {
  readonly args: (file: string, schemas: string) => readonly string[];
  readonly readsInput?: boolean;
  readonly parse: (stdout: string) => readonly Omit<Finding, "checker">[];
}

/** Grade of a check of kube-score that has nothing to say. */
const bestGrade = 10;

interface KubeScoreObject {
  readonly checks: readonly {
    readonly check: { readonly id: string };
    readonly grade: number;
    readonly skipped: boolean;
    readonly comments: readonly { readonly summary: string }[] | null;
  }[];
}

interface KubesecReport {
  readonly object: string;
  readonly valid: boolean;
  readonly message: string;
  readonly scoring: Partial<
    Record<"advise" | "critical", readonly { readonly id: string; readonly reason: string }[]>
  >;
}

/** Checks of kube-score that are off by default, and that a site passes. */
const optionalChecks = ["container-ports-check", "container-seccomp-profile"];

const checks: Readonly<Record<Checker, Check>> = {
  "kube-score": {
    args: (file) => [
      ...["score", "--output-format", "json", "--kubernetes-version", "v1.34"],
      ...optionalChecks.flatMap((name) => ["--enable-optional-test", name]),
      file,
    ],
    parse: (stdout) =>
      (JSON.parse(stdout) as KubeScoreObject[])
        .flatMap((object) => object.checks)
        .filter(({ grade, skipped }) => !skipped && grade < bestGrade)
        .map(({ check, comments }) => ({ check: check.id, text: comments?.[0]?.summary ?? "" })),
  },
  kubeconform: {
    args: (file, schemas) => [
      ...["-strict", "-output", "json", "-verbose", "-schema-location", schemas],
      file,
    ],
    parse: (stdout) =>
      (
        JSON.parse(stdout) as { resources: { kind: string; status: string; msg: string }[] }
      ).resources
        .filter(({ status }) => status !== "statusValid")
        .map(({ kind, msg, status }) => ({ check: status, text: `${kind}: ${msg}` })),
  },
  kubesec: {
    args: (file, schemas) => ["scan", "--schema-location", schemas, file],
    parse: (stdout) =>
      (JSON.parse(stdout) as KubesecReport[]).flatMap(({ message, object, scoring, valid }) => [
        ...(valid ? [] : [{ check: "invalid", text: `${object}: ${message}` }]),
        ...[...(scoring.critical ?? []), ...(scoring.advise ?? [])].map(({ id, reason }) => ({
          check: id,
          text: `${object}: ${reason}`,
        })),
      ]),
  },
  "pod-security": {
    args: () => [],
    readsInput: true,
    parse: (stdout) =>
      stdout
        .split("\n")
        .filter(Boolean)
        .map((line) => ({ check: line.split(": ")[1] ?? "", text: line })),
  },
};

/**
 * Runs all checkers over a file of manifests. They are built once, into the cache of the sandbox's programs.
 *
 * @param schemas see `writeSchemas`
 * @param names the checkers; all if left out
 */
export async function checkManifests(
  file: string,
  schemas: string,
  names: readonly Checker[] = checkers,
): Promise<Finding[]> {
  const tools = await ensureTools(names, { progress: "silent" });
  const findings = names.map(async (checker) => {
    const { args, parse, readsInput } = checks[checker];
    const input = readsInput ? readFileSync(file, "utf8") : "";
    const path = tools.get(checker)?.path ?? checker;
    const stdout = await run(path, args(file, schemas), input);
    return parse(stdout).map((finding) => ({ checker, ...finding }));
  });
  return (await Promise.all(findings)).flat();
}

/** Runs a checker, whose exit code says whether it found something. */
function run(path: string, args: readonly string[], input: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = execFile(path, args, (error, stdout, stderr) => {
      // Without a finding, only the evaluator of pod security prints nothing.
      const hasAnswered = stderr === "" && (stdout !== "" || error === null);
      if (hasAnswered) resolve(stdout);
      else reject(new Error(`${path} failed: ${stderr || error?.message}`));
    });
    // One that reads no input may have ended by now.
    child.stdin?.once("error", () => undefined);
    child.stdin?.end(input);
  });
}
