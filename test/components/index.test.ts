import { readFileSync } from "node:fs";
import { join } from "node:path";

import ts from "typescript";

import * as components from "../../components/index";

// Other programs import these names: to take one away, or to rename it, is a new major version.
const values = [
  "GatsbySite",
  "PreviousRelease",
  "PullSecret",
  "RegistryAccess",
  "ReleaseTags",
  "ReleasedImage",
  "SiteImage",
  "computeTagNames",
  "createClusterProvider",
  "findExistingRelease",
  "findLastDeployment",
  "guardProgram",
  "readContentVersion",
  "readLastUpdate",
  "resolvePullSecretNeed",
];

const types = [
  "Autoscaling",
  "ClusterAccess",
  "ClusterProviderArgs",
  "ContentPolicy",
  "CredentialRole",
  "DeployedRelease",
  "ExistingCredentials",
  "ExistingRelease",
  "ExtraVolume",
  "GatsbySiteArgs",
  "GuardOptions",
  "HeaderArgs",
  "ImageBuilder",
  "ImagePlatform",
  "LastContainer",
  "LastDeployment",
  "LastReplicas",
  "LastUpdate",
  "NetworkPolicyMode",
  "PodSettings",
  "PolicyLevel",
  "PreviousReleaseArgs",
  "PullAccessArgs",
  "PullSecretArgs",
  "PullSecretMode",
  "RegistryAccessArgs",
  "RegistryCredentials",
  "Release",
  "ReleaseMode",
  "ReleaseOrigin",
  "ReleaseTagsArgs",
  "ReleasedImageArgs",
  "Revision",
  "RuntimeConfig",
  "ServiceSettings",
  "SiteAddress",
  "SiteImageArgs",
  "SiteResources",
  "StackResource",
  "TagKind",
  "TagNames",
  "TagSources",
  "TaggedCommit",
  "Tier",
  "Toleration",
  "TopologySpread",
  "WebServer",
  "WebServerArgs",
];

describe("the components' public API", () => {
  it("exports these values", () => {
    expect(Object.keys(components).sort()).toEqual(values);
  });

  it("exports these types beside them", () => {
    expect(listExports().filter((name) => !values.includes(name))).toEqual(types);
  });
});

/** What components/index.ts names, values and types. */
function listExports(): string[] {
  const file = join(__dirname, "..", "..", "components", "index.ts");
  const source = ts.createSourceFile(file, readFileSync(file, "utf8"), ts.ScriptTarget.Latest);
  return source.statements
    .filter(ts.isExportDeclaration)
    .map(({ exportClause }) => exportClause)
    .filter((clause) => clause !== undefined && ts.isNamedExports(clause))
    .flatMap(({ elements }) => elements.map(({ name }) => name.text))
    .sort();
}
