import type { World } from "../../support/world";
import { ensureRepository, pushImage } from "./push";

const dayMs = 86_400_000;

/**
 * Pushes images, with the age in days by tag.
 *
 * @returns the repository's path in the REST API
 */
export async function pushAged(
  world: World,
  path: string,
  ages: Readonly<Record<string, number>>,
): Promise<string> {
  for (const [tag, days] of Object.entries(ages)) {
    const created = new Date(world.now.getTime() - days * dayMs).toISOString();
    await pushImage(world.state.images, path, tag, { created });
  }
  const id = await ensureRepository(world, path);
  return `/projects/web%2Fgatsby-site/registry/repositories/${id}`;
}
