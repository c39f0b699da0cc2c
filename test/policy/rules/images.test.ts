import { checkResource, unknown } from "../support/check";
import { createContainer, createDeployment, image } from "../support/deployment";

const check = (policy: string, reference: unknown, options = {}) =>
  checkResource(policy, createContainer({ image: reference }), options);

describe("image-tag", () => {
  it.each(["nginx", "nginx:latest", "gitlab.example.com:5050/web/site"])(
    "refuses %s",
    async (to) => {
      expect(await check("image-tag", to)).toEqual([
        `Container \`web\` runs "${to}", which is whatever the tag \`latest\` points to when a pod starts. Name the image's version or, better, its digest.`,
      ]);
    },
  );

  it.each([image, "nginx:1.29", `nginx:latest@sha256:${"0".repeat(64)}`])(
    "accepts %s",
    async (to) => {
      expect(await check("image-tag", to)).toEqual([]);
    },
  );

  it("leaves an image that a preview does not know to the update", async () => {
    expect(await check("image-tag", unknown.text)).toEqual([]);
  });

  it.each([
    ["kubernetes:core/v1:Pod", { spec: { containers: [{ name: "a", image: "nginx" }] } }],
    [
      "kubernetes:batch/v1:CronJob",
      {
        spec: {
          jobTemplate: {
            spec: { template: { spec: { containers: [{ name: "a", image: "nginx" }] } } },
          },
        },
      },
    ],
  ])("finds the containers of %s", async (type, props) => {
    expect(await checkResource("image-tag", { type, props })).toHaveLength(1);
  });

  it("checks init containers too", async () => {
    const init = { initContainers: [{ name: "copy", image: "busybox" }] };
    expect(await checkResource("image-tag", createDeployment(init))).toEqual([
      'Container `copy` runs "busybox", which is whatever the tag `latest` points to when a pod starts. Name the image\'s version or, better, its digest.',
    ]);
  });
});

describe("image-digest", () => {
  it("refuses a tag", async () => {
    expect(await check("image-digest", "gitlab.example.com:5050/web/site:v1")).toEqual([
      'Container `web` runs "gitlab.example.com:5050/web/site:v1", which has no digest: pods that start later could run another image than the one that was tested. Use `gitlab.example.com:5050/web/site@sha256:...`.',
    ]);
  });

  it.each([image, unknown.text])("accepts %s", async (to) => {
    expect(await check("image-digest", to)).toEqual([]);
  });
});

describe("image-registry", () => {
  it("refuses another registry", async () => {
    expect(await check("image-registry", "nginx:1.29")).toEqual([
      'Container `web` runs "nginx:1.29" from the registry `docker.io`. Images of this stack come from `gitlab.example.com:5050`. Push it there, or add `docker.io` to the policy\'s setting `registries`.',
    ]);
  });

  it("accepts the registry of the configuration and those of the setting", async () => {
    expect(await check("image-registry", image)).toEqual([]);
    const settings = { registries: ["docker.io"] };
    expect(await check("image-registry", "library/nginx:1.29", { settings })).toEqual([]);
  });

  it("has nothing to say in a program without a registry, or of an unknown image", async () => {
    const stack = { registry: undefined };
    expect(await check("image-registry", "nginx:1.29", { stack })).toEqual([]);
    expect(await check("image-registry", unknown.text)).toEqual([]);
  });
});
