import type { ContainerRegistry, TagInfo } from "../gitlab/containerRegistry";
import { describeElapsed } from "../progress/duration";
import { cutToColumns } from "../progress/width";
import type { Terminal } from "../terminal";

/**
 * Reads the tags of a project's repositories. GitLab is asked for each tag, so that a terminal shows how far it is.
 *
 * @returns tags by the repository's path
 */
export async function readTags(
  registry: Pick<ContainerRegistry, "listRepositories" | "listTags">,
  terminal: Terminal | undefined,
): Promise<ReadonlyMap<string, readonly TagInfo[]>> {
  const tags = new Map<string, readonly TagInfo[]>();
  const startedAt = performance.now();
  try {
    for (const repository of await registry.listRepositories()) {
      const show = (read: number, all: number): void => {
        const elapsed = describeElapsed(performance.now() - startedAt);
        const text = `Reading the tags of ${repository.path}: ${read} of ${all}, ${elapsed}`;
        terminal?.draw([cutToColumns(text, terminal.columns - 1)]);
      };
      tags.set(repository.path, await registry.listTags(repository, show));
    }
  } finally {
    terminal?.draw([]);
    terminal?.release();
  }
  return tags;
}
