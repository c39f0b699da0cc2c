import { hasFailedUpdate } from "../../../components/release/failedUpdate";

const proven = `sha256:${"a".repeat(64)}`;
const attempted = `sha256:${"b".repeat(64)}`;

const deployment = (image?: string) => ({
  type: "kubernetes:apps/v1:Deployment",
  outputs: { spec: { template: { spec: { containers: [{ name: "site", image }] } } } },
});

describe("isUnproven", () => {
  it.each([
    ["the Deployment runs it", [deployment(`registry/site@${proven}`)]],
    ["it is what was built", [{ type: "slipway:index:SiteImage", outputs: { digest: proven } }]],
    ["no resource has an image", [{ type: "kubernetes:core/v1:Secret", outputs: {} }]],
    ["the Deployment has no digest", [deployment("registry/site:latest"), deployment()]],
    [
      "the state is of a Deployment that never came",
      [{ type: "kubernetes:apps/v1:Deployment", outputs: {} }],
    ],
    ["the build was not even begun", [{ type: "slipway:index:SiteImage", outputs: {} }]],
    [
      "other resources have digests of their own",
      [{ type: "slipway:index:PreviousRelease", outputs: { digest: attempted } }],
    ],
  ])("takes a release for proven when %s", (_, resources) => {
    expect(hasFailedUpdate(resources, { digest: proven })).toBe(false);
  });

  it.each([
    ["the Deployment was given another image", [deployment(`registry/site@${attempted}`)]],
    [
      "another image was built",
      [
        deployment(`registry/site@${proven}`),
        { type: "slipway:index:SiteImage", outputs: { digest: attempted } },
      ],
    ],
    [
      "another image was promoted",
      [{ type: "slipway:index:ReleasedImage", outputs: { digest: attempted } }],
    ],
  ])("sees an update that failed when %s", (_, resources) => {
    expect(hasFailedUpdate(resources, { digest: proven })).toBe(true);
  });
});
