/**
 * The public API of the package `slipway`: components that bring a site from a GitLab Container Registry to
 * Kubernetes, their arguments, and the functions that compute arguments. The program itself uses no more than
 * this. What is not exported here may change with any version.
 */
export { type GuardOptions, guardProgram } from "./engineGuard";
export { readContentVersion } from "./image/contentVersion";
export type { ImageBuilder, ImagePlatform } from "./image/imageBuild";
export type { Revision, TaggedCommit } from "./image/revision";
export { SiteImage } from "./image/siteImage";
export type { SiteImageArgs } from "./image/siteImageArgs";
export type {
  CredentialRole,
  ExistingCredentials,
  RegistryCredentials,
} from "./registry/credentials";
export type { PullSecretMode } from "./registry/pullAccess";
export { type PullAccessArgs, resolvePullSecretNeed } from "./registry/pullAccessLookup";
export { RegistryAccess, type RegistryAccessArgs } from "./registry/registryAccess";
export {
  type ExistingRelease,
  findExistingRelease,
  type ReleaseOrigin,
} from "./release/existingRelease";
export { PreviousRelease, type PreviousReleaseArgs } from "./release/previousRelease";
export type { DeployedRelease, Release, ReleaseMode, Tier } from "./release/release";
export { ReleasedImage, type ReleasedImageArgs } from "./release/releasedImage";
export { ReleaseTags, type ReleaseTagsArgs } from "./release/releaseTags";
export { type LastUpdate, readLastUpdate, type StackResource } from "./release/stackOutputs";
export { computeTagNames, type TagKind, type TagNames, type TagSources } from "./release/tagNames";
export { type ClusterProviderArgs, createClusterProvider } from "./site/clusterProvider";
export { GatsbySite } from "./site/gatsbySite";
export type { GatsbySiteArgs } from "./site/gatsbySiteArgs";
export type { ContentPolicy, HeaderArgs, PolicyLevel } from "./site/headers";
export type { SiteAddress } from "./site/ingress";
export type { NetworkPolicyMode } from "./site/networkPolicyMode";
export type { ExtraVolume, PodSettings, Toleration, TopologySpread } from "./site/podSettings";
export type { SiteResources } from "./site/podTemplate";
export { PullSecret, type PullSecretArgs } from "./site/pullSecret";
export type { ClusterAccess } from "./site/pullSecretEntry";
export { type LastContainer } from "./site/containerName";
export { findLastDeployment, type LastDeployment } from "./site/lastDeployment";
export { type Autoscaling, type LastReplicas } from "./site/replicas";
export type { RuntimeConfig } from "./site/runtimeConfig";
export type { ServiceSettings } from "./site/serviceSettings";
export type { WebServer, WebServerArgs } from "./site/webServer";
