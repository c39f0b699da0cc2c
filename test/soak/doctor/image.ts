import { existsSync, renameSync } from "node:fs";
import { join } from "node:path";

import { checkout } from "../../e2e/support/checkout";
import { testFaults } from "./fault";
import type { DoctorWorld } from "./world";

const repository = join(
  checkout,
  ".sandbox/test/registry/storage/docker/registry/v2/repositories/web/gatsby-site/_manifests",
);

/** Takes a part of the registry's storage away, as a deletion does, and puts it back. */
function take(find: () => string) {
  return {
    inject: () => Promise.resolve(renameSync(find(), `${find()}.taken`)),
    end: () =>
      Promise.resolve(existsSync(`${find()}.taken`) && renameSync(`${find()}.taken`, find())),
  };
}

/** The image in the registry. */
export function testImage(world: DoctorWorld): void {
  const digest = (): string => world.image.split("@sha256:")[1] ?? "";

  testFaults([
    {
      name: "a digest that was deleted",
      ...take(() => join(repository, "revisions", "sha256", digest())),
      causes: {
        image: /^The registry no longer has sha256:[0-9a-f]{64}, which `[^`]*dev` deploys: /,
      },
      code: 15,
    },
    {
      name: "a digest that was deleted, as the node sees it",
      args: "dev",
      ...take(() => join(repository, "revisions", "sha256", digest())),
      causes: {
        image: /^The registry no longer has sha256:/,
        node: /^The node can't pull `.*`\. /,
      },
      code: 15,
    },
    {
      name: "tags that were deleted",
      ...take(() => join(repository, "tags")),
      warning: /^All tags of sha256:[0-9a-f]{64} are gone \(/,
    },
  ]);
}
