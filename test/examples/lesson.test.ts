import { parse, parseAllDocuments } from "yaml";

import { Shape, site } from "../cli/init/support/shape";
import { inCopyOfExamples, readExample, readStack, runExample } from "./support/example";

inCopyOfExamples();

const image = "gitlab.thelinuxlabs.com:5050/web/site";
const manifest = "deployment.yaml";

describe("the lesson's manifest moved over", () => {
  it("has a Deployment with all that the manifest's has, and an image by digest", async () => {
    const warn = jest.spyOn(console, "warn").mockReturnValue();
    const { engine } = await runExample("lesson");
    const released = `${image}@sha256:${"d".repeat(64)}`;
    const text = readExample("lesson", manifest).replace("image: __IMAGE__", `image: ${released}`);
    const [deployment, ingress] = parseAllDocuments(text).map(
      (document) => document.toJS() as { spec: object },
    );
    const { spec } = engine.find("gatsby-site", "kubernetes:apps/v1:Deployment").inputs;
    expect(spec).toMatchObject(deployment.spec);
    expect(engine.find("gatsby-site-ingress").inputs.spec).toMatchObject({
      ingressClassName: "nginx",
      rules: [{ host: "www.example.com" }],
    });
    expect(JSON.stringify(ingress.spec)).toContain("www.example.com");
    expect(warn).toHaveBeenCalledWith(expect.stringContaining("The image's own web server"));
    warn.mockRestore();
  });

  it("has the configuration that `slipway init` writes for it", async () => {
    const files = {
      Dockerfile: readExample("lesson", "Dockerfile"),
      [manifest]: readExample("lesson", manifest),
    };
    const shape = new Shape({ ...site(), ...files }, "git@gitlab.thelinuxlabs.com:web/site.git");
    try {
      await shape.init({ stacks: ["prod"], registry: "gitlab.thelinuxlabs.com:5050" });
      const read = (file: string) =>
        (parse(shape.read(`deploy/${file}`)) as { config: Record<string, unknown> }).config;
      const common = Object.entries(read("Pulumi.yaml")).map(([key, value]) => [
        key.includes(":") ? key : `lesson:${key}`,
        (value as { value: unknown }).value,
      ]);
      const own = Object.entries(read("Pulumi.prod.yaml")).map(([key, value]) => [
        key.replace("site:", "lesson:"),
        value,
      ]);
      const { values } = readStack("lesson");
      expect({
        ...(Object.fromEntries([...common, ...own]) as object),
        // Where the example's site and its Dockerfile are.
        "lesson:siteDirectory": "../../site",
        "lesson:dockerfile": "Dockerfile",
      }).toEqual({
        ...values,
        "lesson:containerPort": Number(values["lesson:containerPort"]),
        "lesson:resources": JSON.parse(values["lesson:resources"]) as object,
      });
    } finally {
      shape.remove();
    }
  });
});
