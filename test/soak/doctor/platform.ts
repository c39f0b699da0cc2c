import { inSandbox } from "../../e2e/support/checkout";
import { testFaults } from "./fault";
import { copyForPlatform } from "./otherPlatform";
import type { DoctorWorld } from "./world";

const state = ".sandbox/platform-state.json";

/** An image for processors that no node has. */
export function testPlatform(world: DoctorWorld): void {
  testFaults([
    {
      name: "an image for another processor, which the stack's state names",
      inject: async () => {
        const [, digest = ""] = world.image.split("@");
        const copy = await copyForPlatform(digest, "s390x");
        await inSandbox(
          `pulumi stack export --stack dev --file ${state}; sed 's/${digest}/${copy}/g' ${state} > ${state}.changed; pulumi stack import --stack dev --file ${state}.changed`,
        );
      },
      end: () => inSandbox(`pulumi stack import --stack dev --file ${state}; rm ${state}*`),
      causes: {
        platform:
          /^The image is for linux\/s390x, and the cluster's nodes are linux\/amd64: none of them can run it\.$/,
      },
      warning: /^The pods run .*, and not sha256:[0-9a-f]{64}, the last successful release of /,
      code: 15,
    },
  ]);
}
