import { type PreviewResult, type Step } from "./previewJson";
import { listPropertyChanges, type PropertyChange } from "./propertyChanges";
import { isTag, parseUrn } from "../pulumi/resourceTypes";

/**
 * Kinds of changes, in the order of a report: those that can do harm come first. A forgotten resource continues to
 * exist (`retainOnDelete`), such as an image or a tag in the registry.
 */
export const changeKinds = ["replace", "delete", "update", "create", "forget"] as const;

export type ChangeKind = (typeof changeKinds)[number];

/** A resource that changes. Components are left out, because they exist only in Pulumi's state. */
export interface ResourceChange {
  readonly kind: ChangeKind;
  /** Type without the module's file, as in Pulumi's own output: `kubernetes:apps/v1:Deployment`. */
  readonly type: string;
  /** Its name in the program. */
  readonly name: string;
  readonly properties: readonly PropertyChange[];
  /** The preview's step for it. */
  readonly step: Step;
}

/** Number of resources by kind of change. */
export type ChangeCounts = Readonly<Record<ChangeKind, number>>;

/**
 * The engine's operations and their meaning for a reader. A replacement can be one step or three
 * (`--show-replacement-steps`). Reads, and resources that were deleted outside of Pulumi, are not changes.
 */
const kindByOperation: Readonly<Record<string, ChangeKind>> = {
  create: "create",
  import: "create",
  update: "update",
  delete: "delete",
  "delete-replaced": "delete",
  "create-replacement": "replace",
  "import-replacement": "replace",
  replace: "replace",
};

/** Lists the changes of a preview, in the order of a report. */
export function listChanges({ steps }: PreviewResult): ResourceChange[] {
  const byUrn = new Map<string, ResourceChange>();
  for (const step of steps) {
    const { type, name } = parseUrn(step.urn);
    const kind = kindOf(step, type);
    if (kind === undefined || !isCustom(step)) continue;
    const known = byUrn.get(step.urn);
    if (known !== undefined && rank(known.kind) <= rank(kind)) continue;
    byUrn.set(step.urn, {
      kind,
      type: shortenType(type),
      name,
      properties: kind === "delete" || kind === "forget" ? [] : listPropertyChanges(step),
      step,
    });
  }
  return [...byUrn.values()].sort(
    (a, b) =>
      rank(a.kind) - rank(b.kind) || compareText(a.type, b.type) || compareText(a.name, b.name),
  );
}

/**
 * Returns the kind of a step. A renamed tag leaves the old one in the registry (`retainOnDelete`), so it counts as
 * created.
 */
function kindOf({ oldState, op }: Step, type: string): ChangeKind | undefined {
  const kind = kindByOperation[op];
  if (kind === "delete" && oldState?.retainOnDelete === true) return "forget";
  return kind === "replace" && isTag(type) ? "create" : kind;
}

/** Counts the resources of each kind. */
export function countChanges(changes: readonly ResourceChange[]): ChangeCounts {
  const count = (kind: ChangeKind): number => changes.filter((one) => one.kind === kind).length;
  return {
    replace: count("replace"),
    delete: count("delete"),
    update: count("update"),
    create: count("create"),
    forget: count("forget"),
  };
}

/**
 * Counts the unchanged resources: without components if the preview lists them (`--show-sames`), otherwise as the
 * engine counts.
 */
export function countUnchanged({ steps, changeSummary }: PreviewResult): number {
  const listed = steps.filter((step) => step.op === "same" && isCustom(step)).length;
  return listed > 0 ? listed : (changeSummary?.["same"] ?? 0);
}

/**
 * Shortens a type for readers: `gitlab:index/projectDeployToken:ProjectDeployToken` to
 * `gitlab:index:ProjectDeployToken`.
 */
function shortenType(type: string): string {
  const [provider = "", module = "", name = ""] = type.split(":");
  const file = `/${name.charAt(0).toLowerCase()}${name.slice(1)}`;
  return [provider, module.endsWith(file) ? module.slice(0, -file.length) : module, name].join(":");
}

function isCustom({ newState, oldState }: Step): boolean {
  return (newState ?? oldState)?.custom === true;
}

function rank(kind: ChangeKind): number {
  return changeKinds.indexOf(kind);
}

function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
