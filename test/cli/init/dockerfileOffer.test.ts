import { Shape, site } from "./support/shape";

let shape: Shape;

afterEach(() => shape.remove());

const own = {
  ...site(),
  "package-lock.json": "{}",
  Dockerfile: "FROM node:18 AS builder\nRUN npm ci\nFROM nginx:alpine\n",
};

const difference = `The Dockerfile that is there, and Slipway's, which \`--dockerfile slipway\` writes beside it:
                                          \`Dockerfile\`             Slipway's
  publicConfig                            not served               at /config.json
  noindex on tiers other than production  no                       yes
  files with a hash in their name         asked for again          cached for a year
  the same files built twice              may have another digest  one digest
  build secrets and a network's own CA    what it mounts itself    in its install and build
  runs as user                            10001 instead of root    10001
  listens on                              80                       8080`;

describe("slipway init in a repository with a Dockerfile", () => {
  it("shows how Slipway's differs, and leaves the own one in use", async () => {
    shape = new Shape(own);
    const written = await shape.init();

    expect(shape.io.printed.join("\n")).toContain(difference);
    expect(written).not.toContain("Dockerfile.slipway");
    expect(shape.read("deploy/Pulumi.yaml")).toContain(
      "  webServer:\n    value: image\n  containerPort:\n    value: 80\n",
    );
  });

  it("writes Slipway's beside it, for the same Node, if that is chosen, and keeps it", async () => {
    shape = new Shape(own);
    const written = await shape.init({ dockerfile: "slipway" });

    expect(written).toEqual(expect.arrayContaining(["Dockerfile.slipway", "nginx.conf"]));
    expect(shape.read("Dockerfile")).toBe(own.Dockerfile);
    expect(shape.read("Dockerfile.slipway")).toContain(
      "\nARG NODE_IMAGE=docker.io/library/node:18-bookworm-slim\n",
    );
    const project = shape.read("deploy/Pulumi.yaml");
    expect(project).toContain("  dockerfile:\n    value: ../Dockerfile.slipway\n");
    expect(project).not.toMatch(/webServer|containerPort/);

    shape.repository.commit();
    expect(await shape.init()).toEqual([""]);
  });

  it("says what to change in a program that is there", async () => {
    shape = new Shape(own);
    await shape.init();
    await shape.init({ dockerfile: "slipway" });

    expect(shape.io.printed.join("\n")).toContain(
      '  in deploy/Pulumi.yaml: set `dockerfile` to "../Dockerfile.slipway", and remove `webServer`, `containerPort`, `userId` and `readinessPath`',
    );
  });

  it("asks which one is used", async () => {
    shape = new Shape(own);
    shape.io.answer = true;
    const written = await shape.init({ yes: false });

    expect(shape.io.questions).toEqual(["Use Slipway's in its place?", "Write these files?"]);
    expect(written).toContain("Dockerfile.slipway");
  });

  it("refuses a choice that it does not know", async () => {
    shape = new Shape(own);
    await expect(shape.init({ dockerfile: "mine" })).rejects.toThrow(
      "`--dockerfile mine` is not `own` or `slipway`.",
    );
  });
});
