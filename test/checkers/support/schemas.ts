import { execFileSync } from "node:child_process";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";

/** The sandbox's module of Kubernetes, whose sources have the OpenAPI definition of each kind. */
const kubernetesModule = resolve(__dirname, "..", "..", "..", "sandbox", "tools", "kubernetes");

/** A definition of OpenAPI, as far as it is changed here. */
interface Definition {
  readonly properties?: Readonly<Record<string, Definition>>;
  readonly additionalProperties?: Definition | boolean;
  readonly items?: Definition;
  readonly type?: string | readonly string[];
  readonly "x-kubernetes-group-version-kind"?: readonly {
    readonly group: string;
    readonly version: string;
    readonly kind: string;
  }[];
}

/** Kubernetes writes one type for values that may have another one too. */
const otherTypes: Readonly<Record<string, Definition>> = {
  "io.k8s.apimachinery.pkg.util.intstr.IntOrString": { type: ["integer", "string"] },
  "io.k8s.apimachinery.pkg.api.resource.Quantity": { type: ["number", "string"] },
};

/**
 * Writes a JSON schema for each kind, under the name by which `kubeconform` looks for it. The schemas allow no other
 * fields than Kubernetes has.
 *
 * @param version version of Kubernetes, such as `v1.34.4`; default: that of the sandbox
 * @returns what `-schema-location` takes
 */
export function writeSchemas(folder: string, version?: string): string {
  mkdirSync(folder, { recursive: true });
  const strict = Object.entries(readDefinitions(version)).map(([name, definition]) => [
    name,
    otherTypes[name] ?? forbidOthers(definition),
  ]);
  const definitions = Object.fromEntries(strict) as Record<string, Definition>;
  writeFileSync(join(folder, "definitions.json"), JSON.stringify({ definitions }));
  for (const [name, definition] of Object.entries(definitions)) {
    const [kind, ...others] = definition["x-kubernetes-group-version-kind"] ?? [];
    if (kind === undefined || others.length > 0) continue;
    const group = kind.group === "" ? [] : [kind.group.split(".")[0]];
    const file = [kind.kind, ...group, kind.version].join("-").toLowerCase();
    const schema = { $ref: `definitions.json#/definitions/${name}` };
    writeFileSync(join(folder, `${file}.json`), JSON.stringify(schema));
  }
  return join(folder, "{{ .ResourceKind }}{{ .KindSuffix }}.json");
}

/**
 * Reads the definitions from the sources of Kubernetes' module. The build of the sandbox's Kubernetes has downloaded those
 * of its version; of another one Go downloads them once, and checks them by its checksum database.
 */
function readDefinitions(version?: string): Readonly<Record<string, Definition>> {
  const name = "k8s.io/kubernetes";
  const args = ["mod", "download", "-json", version === undefined ? name : `${name}@${version}`];
  const printed = execFileSync("go", args, { cwd: kubernetesModule, encoding: "utf8" });
  const { Dir: sources } = JSON.parse(printed) as { Dir: string };
  const text = readFileSync(join(sources, "api", "openapi-spec", "swagger.json"), "utf8");
  return (JSON.parse(text) as { definitions: Record<string, Definition> }).definitions;
}

function forbidOthers(definition: Definition): Definition {
  const { additionalProperties, items, properties } = definition;
  return {
    ...definition,
    ...(properties && {
      additionalProperties: false,
      properties: Object.fromEntries(
        Object.entries(properties).map(([name, one]) => [name, forbidOthers(one)]),
      ),
    }),
    ...(typeof additionalProperties === "object" && {
      additionalProperties: forbidOthers(additionalProperties),
    }),
    ...(items && { items: forbidOthers(items) }),
  };
}
