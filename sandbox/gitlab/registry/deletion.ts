import type { GitLab } from "../gitlab";
import type { ContainerRepository } from "../model/containerRepositories";
import { manifestTypes } from "./client";
import { locate } from "./repositories";

const [imageType] = manifestTypes.image;
const configurationType = "application/vnd.docker.container.image.v1+json";

/**
 * Deletes tags, but keeps other tags of the same image. The registry can delete only manifests, each with all its
 * tags. Therefore, as in GitLab, the tags are first pointed to an empty manifest, and then that manifest is deleted.
 */
export async function deleteTags(
  gitlab: GitLab,
  repository: ContainerRepository,
  tags: readonly string[],
): Promise<void> {
  if (tags.length === 0) return;
  const { path } = locate(gitlab, repository);
  const configuration = await gitlab.images.putBlob(path, JSON.stringify({ config: {} }, null, 2));
  const nothing = JSON.stringify({
    schemaVersion: 2,
    mediaType: imageType,
    config: { mediaType: configurationType, ...configuration },
    layers: [],
  });
  let digest = "";
  for (const tag of tags) {
    digest = await gitlab.images.putManifest(path, tag, imageType, nothing);
  }
  await gitlab.images.deleteManifest(path, digest);
}

/**
 * Removes a repository in the background, as GitLab does: first its contents, then the record. If the registry fails,
 * the record keeps its status, and a restart tries again.
 */
export function startRemoval(gitlab: GitLab, repository: ContainerRepository): void {
  gitlab.background.start(async () => {
    gitlab.containerRepositories.setStatus(repository, "delete_ongoing");
    const { path } = locate(gitlab, repository);
    try {
      const digests = new Set<string>();
      for (const tag of await gitlab.images.listTags(path)) {
        const manifest = await gitlab.images.findManifest(path, tag);
        if (manifest !== undefined) digests.add(manifest.digest);
      }
      for (const digest of digests) await gitlab.images.deleteManifest(path, digest);
    } catch (error) {
      gitlab.containerRepositories.setStatus(repository, "delete_scheduled");
      throw error;
    }
    gitlab.containerRepositories.delete(repository);
    gitlab.events.record({ action: "repository_deleted", target: path });
  });
}
