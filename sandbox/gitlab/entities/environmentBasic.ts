import type { Environment } from "../model/environments";

/** Renders an environment as other records show it. */
export function renderEnvironmentBasic(environment: Environment): object {
  return {
    id: environment.id,
    name: environment.name,
    slug: environment.slug,
    external_url: environment.externalUrl,
    created_at: environment.createdAt,
    updated_at: environment.updatedAt,
  };
}
