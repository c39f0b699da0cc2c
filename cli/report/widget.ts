import { countChanges, type ResourceChange } from "./changes";

/**
 * The file that GitLab shows in a merge request as "Terraform report".
 *
 * @see https://docs.gitlab.com/user/infrastructure/iac/mr_integration/
 */
export interface Widget {
  readonly create: number;
  readonly update: number;
  readonly delete: number;
}

/** GitLab's own limit for each number. */
const largest = 999_999;

/**
 * Counts the changes of all stacks. As in Terraform, a replacement counts as one created and one deleted resource.
 */
export function createWidget(changes: readonly ResourceChange[]): Widget {
  const counts = countChanges(changes);
  const atMost = (count: number): number => Math.min(count, largest);
  return {
    create: atMost(counts.create + counts.replace),
    update: atMost(counts.update),
    delete: atMost(counts.delete + counts.replace),
  };
}
