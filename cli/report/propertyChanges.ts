import { stackType, unknownValue, type Properties, type Step } from "./previewJson";
import { cutLine } from "./limits";
import { formatPath, parsePath, valueAt, type PropertyPath } from "./propertyPath";
import { redact, secretText } from "../redact";
import { isMarked, renderValue } from "./values";

/** A property that differs, with values that are safe to show, as text. */
export interface PropertyChange {
  /** Path in Pulumi's notation: `spec.template.spec.containers[0].image`. */
  readonly path: string;
  /** Undefined if there was no value. */
  readonly before?: string;
  /** Undefined if there is no new value. */
  readonly after?: string;
  /** Whether this change replaces the resource. */
  readonly replaces: boolean;
}

/** A property and its values, before they are converted to text. */
interface Difference {
  readonly path: PropertyPath;
  readonly before: unknown;
  readonly after: unknown;
}

const secretObjectType = "kubernetes:core/v1:Secret";

/** Properties that are secret even if the provider doesn't mark them: of a Kubernetes Secret, and by name. */
const secretMembers = ["data", "stringData"];
const secretNames =
  /^(token|password|passphrase|auth|\.dockerconfigjson|kubeconfig|.*(secret|private)key)$/i;

/** Lists the differences of a resource, sorted by path; for a new resource, all its inputs. */
export function listPropertyChanges(step: Step): PropertyChange[] {
  const type = (step.newState ?? step.oldState)?.type ?? "";
  const isSecret = createSecretTest(type);
  const changes = listDifferences(step)
    .filter(({ path }) => !isInternal(path))
    .map(({ path, before, after }) => ({
      path: cutLine(redact(formatPath(path))),
      before: show(before, isSecret(path)),
      after: show(after, isSecret(path)),
      replaces: replaces(step, path),
    }));
  return (type === secretObjectType ? joinSecretData(changes) : changes).sort((a, b) =>
    a.path < b.path ? -1 : 1,
  );
}

function listDifferences(step: Step): Difference[] {
  const { oldState, newState, detailedDiff, diffReasons } = step;
  const [asked, wanted] = [oldState?.inputs ?? {}, newState?.inputs ?? {}];
  if (oldState === undefined || newState === undefined) return compare([], {}, wanted);
  const paths = Object.entries(detailedDiff ?? {});
  if (paths.length > 0) {
    return paths.flatMap(([text, { kind, inputDiff }]) => {
      const path = parsePath(text);
      // A property that no input sets, such as a checksum of files, is computed by the provider.
      const isComputed = valueAt(asked, path) === undefined && !kind.startsWith("delete");
      const before = valueAt(inputDiff || !isComputed ? asked : oldState.outputs, path);
      const after = valueAt(wanted, path) ?? (isComputed ? unknownValue : undefined);
      const inside = compare(path, before, after);
      return inside.length > 0 ? inside : [{ path, before, after }];
    });
  }
  const changed = compare([], asked, wanted);
  if (changed.length > 0) return changed;
  // The preview says that these properties differ, but not where in them.
  return (diffReasons ?? []).map((name) => ({ path: [name], before: undefined, after: undefined }));
}

/** Returns the innermost differences between two values. */
function compare(path: PropertyPath, before: unknown, after: unknown): Difference[] {
  if (Array.isArray(before) && Array.isArray(after)) {
    const length = Math.max(before.length, after.length);
    return Array.from({ length }, (_, at) => at).flatMap((at) =>
      compare([...path, at], before[at] as unknown, after[at] as unknown),
    );
  }
  if (isPlain(before) && isPlain(after)) return compareMembers(path, before, after);
  // The parts of a new value are listed too.
  if (before === undefined && isPlain(after) && Object.keys(after).length > 0) {
    return compareMembers(path, {}, after);
  }
  return JSON.stringify(before) === JSON.stringify(after) ? [] : [{ path, before, after }];
}

function compareMembers(path: PropertyPath, before: Properties, after: Properties): Difference[] {
  const names = new Set([...Object.keys(before), ...Object.keys(after)]);
  return [...names].flatMap((name) => compare([...path, name], before[name], after[name]));
}

function isPlain(value: unknown): value is Properties {
  return typeof value === "object" && value !== null && !Array.isArray(value) && !isMarked(value);
}

/** Whether the path leads to the SDK's own properties, such as `__defaults` and `__provider`. */
function isInternal(path: PropertyPath): boolean {
  return path.some((one) => typeof one === "string" && one.startsWith("__"));
}

function createSecretTest(type: string): (path: PropertyPath) => boolean {
  // A stack's outputs may be secret whatever their type is, so only their names are shown.
  if (type === stackType) return () => true;
  return ([root, ...rest]) =>
    (type === secretObjectType && secretMembers.includes(String(root))) ||
    [root, ...rest].some((one) => typeof one === "string" && secretNames.test(one));
}

/**
 * Joins the changes of `data` and `stringData`. Kubernetes stores `stringData` in `data`, so a provider reports
 * changed contents as the end of one and the beginning of the other.
 */
function joinSecretData(changes: readonly PropertyChange[]): PropertyChange[] {
  const isData = ({ path }: PropertyChange): boolean =>
    secretMembers.some(
      (member) => path === member || path.startsWith(`${member}[`) || path.startsWith(`${member}.`),
    );
  const data = changes.filter(isData);
  const rest = changes.filter((change) => !isData(change));
  if (data.length === 0) return rest;
  const had = data.some(({ before }) => before !== undefined);
  return [
    ...rest,
    {
      path: "data",
      before: had ? secretText : undefined,
      after: data.some(({ after }) => after !== undefined) ? secretText : undefined,
      replaces: data.some(({ replaces }) => replaces),
    },
  ];
}

function show(value: unknown, isSecret: boolean): string | undefined {
  if (value === undefined) return undefined;
  return isSecret ? secretText : renderValue(value);
}

function replaces({ detailedDiff, replaceReasons }: Step, path: PropertyPath): boolean {
  const text = formatPath(path);
  const kinds = Object.entries(detailedDiff ?? {}).filter(([at]) => text.startsWith(at));
  return kinds.length > 0
    ? kinds.some(([, { kind }]) => kind.endsWith("-replace"))
    : (replaceReasons ?? []).includes(String(path[0]));
}
