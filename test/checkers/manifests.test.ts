import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { parseAllDocuments } from "yaml";

import { leastMinor } from "../../cli/doctor/steps/cluster";
import { checkManifests, type Finding } from "./support/checkers";
import { writeSchemas } from "./support/schemas";
import { renderProduction } from "./support/stacks";

const minuteMs = 60_000;

// The first run builds the checkers.
jest.setTimeout(15 * minuteMs);

/** What is found and stays as it is. docs/manifests.md has the reason of each. */
const waivers: readonly Pick<Finding, "check" | "checker">[] = [
  { checker: "kube-score", check: "container-image-pull-policy" },
  { checker: "kube-score", check: "deployment-has-host-podantiaffinity" },
  {
    checker: "kube-score",
    check: "deployment-targeted-by-hpa-does-not-have-replicas-configured",
  },
  { checker: "kubesec", check: "ApparmorAny" },
  { checker: "kubesec", check: "SeccompAny" },
];

const folder = mkdtempSync(join(tmpdir(), "slipway-checkers-"));
const file = join(folder, "manifests.yaml");
let schemas: string;
/** The manifests of two stacks. */
let rendered: readonly string[];
let findings: readonly (readonly Finding[])[];

beforeAll(async () => {
  schemas = writeSchemas(join(folder, "schemas"));
  rendered = await renderProduction();
  findings = [await check(rendered[0]), await check(rendered[1])];
});

afterAll(() => {
  rmSync(folder, { recursive: true });
});

function check(text: string, ...checkers: Finding["checker"][]): Promise<Finding[]> {
  writeFileSync(file, text);
  return checkManifests(file, schemas, checkers.length > 0 ? checkers : undefined);
}

const isWaived = ({ check, checker }: Finding): boolean =>
  waivers.some((waiver) => waiver.check === check && waiver.checker === checker);

describe("the manifests of a production stack", () => {
  it("have each kind that a site can have", () => {
    const kinds = parseAllDocuments(rendered.join("---\n")).map(
      (document) => (document.toJS() as { kind: string }).kind,
    );
    expect(kinds).toEqual(
      expect.arrayContaining([
        ...["ConfigMap", "Deployment", "HorizontalPodAutoscaler", "Ingress", "Namespace"],
        ...["NetworkPolicy", "PodDisruptionBudget", "Secret", "Service", "ServiceAccount"],
      ]),
    );
  });

  it("have nothing that a checker finds, but for the waivers", () => {
    expect(findings.flat().filter((finding) => !isWaived(finding))).toEqual([]);
  });

  it("have only what the oldest supported Kubernetes knows, and the documentation names it", async () => {
    const oldest = writeSchemas(join(folder, "oldest"), `v1.${leastMinor}.14`);
    const checkOldest = (text: string) => {
      writeFileSync(file, text);
      return checkManifests(file, oldest, ["kubeconform"]);
    };
    expect(await checkOldest(rendered.join("---\n"))).toEqual([]);
    // Resources of a whole pod came later.
    const later = rendered[0].replace(/^( +)enableServiceLinks: false$/m, "$&\n$1resources: {}");
    expect(await check(later, "kubeconform")).toEqual([]);
    expect(await checkOldest(later)).toMatchObject([{ check: "statusInvalid" }]);
    expect(readFileSync("docs/cluster.md", "utf8")).toContain(
      `Kubernetes 1.${leastMinor} is the oldest`,
    );
  });

  it("need each waiver still, and the documentation has its reason", () => {
    const page = readFileSync("docs/manifests.md", "utf8");
    for (const waiver of waivers) {
      expect(findings.flat()).toContainEqual(expect.objectContaining(waiver));
      expect(page).toMatch(new RegExp(`^\\| ${waiver.checker} +\\| \`${waiver.check}\``, "m"));
    }
  });

  it.each<[string, string, string, Pick<Finding, "check" | "checker">]>([
    [
      "a field that Kubernetes does not have",
      "  replicas: 2\n",
      "  replicas: 2\n  replica: 2\n",
      { checker: "kubeconform", check: "statusInvalid" },
    ],
    [
      "a value of another type",
      "      port: 80\n",
      '      port: "80"\n',
      { checker: "kubeconform", check: "statusInvalid" },
    ],
    [
      "a pod that may run as root",
      "runAsNonRoot: true",
      "runAsNonRoot: false",
      { checker: "pod-security", check: "runAsNonRoot != true" },
    ],
    [
      "a file system that can be written to",
      "readOnlyRootFilesystem: true",
      "readOnlyRootFilesystem: false",
      { checker: "kubesec", check: "ReadOnlyRootFilesystem" },
    ],
    [
      "pods that the NetworkPolicy does not select",
      "  podSelector:\n    matchLabels:\n      app: gatsby-site\n",
      "  podSelector:\n    matchLabels:\n      app: another\n",
      { checker: "kube-score", check: "pod-networkpolicy" },
    ],
  ])("would be found to have %s", async (_, from, to, finding) => {
    expect(rendered[0]).toContain(from);
    const found = await check(rendered[0].replace(from, to), finding.checker);
    expect(found).toContainEqual(expect.objectContaining(finding));
  });
});
