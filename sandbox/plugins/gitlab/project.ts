import { numberAt, textAt } from "../json";
import type { JsonObject, PropertyMap } from "../properties";

/** Returns a project's properties. GitLab returns some of them only to signed-in users. */
export function readProject(answer: JsonObject): PropertyMap {
  return {
    id: String(numberAt(answer, "id")),
    name: textAt(answer, "name"),
    path: textAt(answer, "path"),
    pathWithNamespace: textAt(answer, "path_with_namespace"),
    defaultBranch: textAt(answer, "default_branch"),
    httpUrlToRepo: textAt(answer, "http_url_to_repo"),
    webUrl: textAt(answer, "web_url"),
    visibilityLevel: textAt(answer, "visibility"),
    containerRegistryAccessLevel: textAt(answer, "container_registry_access_level"),
    containerRegistryEnabled: answer.container_registry_enabled === true,
    containerRegistryImagePrefix: textAt(answer, "container_registry_image_prefix"),
  };
}
