import { createCheckout, inSandbox, make, shell } from "../e2e/support/checkout";
import { expectSuccess } from "../e2e/support/expectSuccess";
import { tokenNames } from "../e2e/support/rotation";
import { killMakeUpAt, listDeployTokens, pendingOperations } from "../e2e/support/state";

const minuteMs = 60_000;

describe("`make up`, killed while it creates", () => {
  beforeAll(async () => {
    createCheckout();
    await make("up");
  }, 60 * minuteMs);

  afterAll(async () => {
    await shell("make down");
  }, minuteMs);

  it.each([
    "gitlab:index/projectDeployToken:ProjectDeployToken",
    "docker-build:index:Image",
    "kubernetes:core/v1:Namespace",
    "kubernetes:core/v1:ServiceAccount",
    "kubernetes:core/v1:Secret",
    "kubernetes:apps/v1:Deployment",
  ])(
    "%s, is finished by the next one, and leaves nothing twice",
    async (type) => {
      await inSandbox("pulumi destroy --yes --skip-preview");
      await killMakeUpAt(`creating ${type}`);

      expectSuccess(await shell("make up"));
      expect(pendingOperations()).toEqual([]);
      expect(await listDeployTokens("dev")).toEqual(tokenNames);
      await inSandbox("pulumi preview --expect-no-changes");
    },
    15 * minuteMs,
  );
});
