import { type PreviewResult, type Step } from "./previewJson";
import { listPropertyChanges, type PropertyChange } from "./propertyChanges";
import { isTag, parseUrn } from "../pulumi/resourceTypes";

/**
 * What happens to a resource, the kinds that can do harm first: the order of a report. What is forgotten stays
 * where it is (`retainOnDelete`): images and tags in the registry.
 */
export const changeKinds = ["replace", "delete", "update", "create", "forget"] as const;

export type ChangeKind = (typeof changeKinds)[number];

/** A resource that something happens to. Components are left out: they are nothing outside Pulumi's state. */
export interface ResourceChange {
  readonly kind: ChangeKind;
  /** Without the module's file, as Pulumi's own output has it: `kubernetes:apps/v1:Deployment`. */
  readonly type: string;
  /** Its name in the program. */
  readonly name: string;
  readonly properties: readonly PropertyChange[];
  /** The step that it was read from. */
  readonly step: Step;
}

/** Resources by what happens to them. */
export type ChangeCounts = Readonly<Record<ChangeKind, number>>;

/**
 * The engine's operations by what they mean to a reader. A replacement may be one step or three
 * (`--show-replacement-steps`); what is read, or was deleted outside of Pulumi, is no change of ours.
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

/** What a preview would change, in the order in which a report tells of it. */
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

/** A tag that takes another name leaves the old one in the registry (`retainOnDelete`): one more is made. */
function kindOf({ oldState, op }: Step, type: string): ChangeKind | undefined {
  const kind = kindByOperation[op];
  if (kind === "delete" && oldState?.retainOnDelete === true) return "forget";
  return kind === "replace" && isTag(type) ? "create" : kind;
}

/** How many resources of each kind. */
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
 * How many resources stay as they are: those without components where the preview lists them
 * (`--show-sames`), or else as the engine counts.
 */
export function countUnchanged({ steps, changeSummary }: PreviewResult): number {
  const listed = steps.filter((step) => step.op === "same" && isCustom(step)).length;
  return listed > 0 ? listed : (changeSummary?.["same"] ?? 0);
}

/** `gitlab:index/projectDeployToken:ProjectDeployToken` is `gitlab:index:ProjectDeployToken` to a reader. */
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
