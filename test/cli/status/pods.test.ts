import { readPods } from "../../../cli/status/pods";
import { ended, FakeIo } from "../../support/cli";
import { listObjects } from "./support/stacks";
import { a, b } from "./support/overviews";

const repository = "registry.example.com/web/site";
const cwd = "/nowhere";
const names = ["dev", "prod"];

const stackOf = (stack: string, values: Record<string, string> = {}) => ({
  ...{ cwd, project: "gatsby-site", stack, repository, values },
  deployment: {
    namespace: `site-${stack}`,
    name: "gatsby-site",
    labels: { app: "gatsby-site" },
  },
});

const running = names.map((stack) => ({ stack, digest: a, repository }));
const one = { ready: 1, wanted: 1, digests: [{ digest: a, pods: 1 }], waiting: [] };

/** @param refuse error of kubectl for a line of arguments; undefined if it answers */
async function read(
  stacks: ReturnType<typeof stackOf>[],
  {
    objects = {},
    refuse = () => undefined,
  }: {
    objects?: Record<string, object>;
    refuse?: (line: string) => string | undefined;
  } = {},
) {
  const io = new FakeIo({});
  io.objects = objects;
  const capture = io.capture.bind(io);
  io.capture = (program, args) => {
    const error = refuse(args.join(" "));
    if (error === undefined) return capture(program, args);
    io.captured.push([program, ...args].join(" "));
    return Promise.resolve(ended(1, "", error));
  };
  const pulumi = { readSecret: (stack: string) => Promise.resolve(`kubeconfig of ${stack}\n`) };
  return { pods: await readPods(stacks, pulumi, io), lines: io.captured };
}

describe("readPods", () => {
  const stacks = names.map((stack) => stackOf(stack));
  const spaces = Object.assign(
    {},
    ...running.map((each) => listObjects([each], `/namespaces/site-${each.stack}`)),
  ) as Record<string, object>;

  it("reads each namespace if the user may not read all", async () => {
    const { lines, pods } = await read(stacks, {
      objects: spaces,
      refuse: (line) =>
        line.includes("/namespaces/")
          ? undefined
          : 'Error from server (Forbidden): pods is forbidden: User "jane" cannot list resource',
    });
    expect([...pods]).toEqual(names.map((stack) => [stack, { value: one }]));
    expect(lines).toHaveLength(6);
  });

  it("does not ask a cluster again that does not answer", async () => {
    const { lines, pods } = await read(stacks, { refuse: () => "error: i/o timeout" });
    expect([...pods]).toEqual(names.map((stack) => [stack, { reason: "i/o timeout" }]));
    expect(lines).toHaveLength(2);
  });

  it("asks each stack's own cluster", async () => {
    const [dev, prod] = names;
    const { lines, pods } = await read(
      [
        stackOf(dev, { "kubernetes:context": "one" }),
        stackOf(prod, { "kubernetes:kubeconfig": "", "kubernetes:context": "one" }),
      ],
      { objects: spaces },
    );
    expect([...pods]).toEqual(names.map((stack) => [stack, { value: one }]));
    const options = lines.map((line) =>
      line.replace(/.* 5s /, "").replace(/ \S+\/kubeconfig /, " <file> "),
    );
    expect(options.sort()).toEqual([
      "--context one",
      "--context one",
      "--kubeconfig <file> --context one",
      "--kubeconfig <file> --context one",
    ]);
  });

  it("counts what runs, and what waits, but not what ends", async () => {
    const objects = listObjects([running[0]], "/namespaces/site-dev");
    const [deployments, pods] = Object.keys(objects);
    const container = { image: `${repository}@${b}` };
    const podOf = (status: object, metadata: object = {}) => ({
      metadata: { namespace: "site-dev", ...metadata },
      status: { containerStatuses: [{ ...container, ...status }] },
    });
    const waiting = { waiting: { reason: "ImagePullBackOff" } };
    const { pods: found } = await read([stackOf("dev")], {
      objects: {
        [deployments]: {
          items: [
            { metadata: { name: "gatsby-site", namespace: "site-dev" }, spec: { replicas: 3 } },
          ],
        },
        [pods]: {
          items: [
            podOf({ imageID: `${repository}@${b}` }),
            podOf({ imageID: "", state: waiting }),
            podOf({ imageID: "", state: waiting }),
            podOf({ imageID: `${repository}@${a}` }, { deletionTimestamp: "2027-01-01T00:00:00Z" }),
            { metadata: { namespace: "site-dev" } },
          ],
        },
      },
    });
    expect(found.get("dev")).toEqual({
      value: {
        ready: 0,
        wanted: 3,
        digests: [{ digest: b, pods: 1 }],
        waiting: ["ImagePullBackOff"],
      },
    });
  });

  it.each([
    [
      "there is no Deployment",
      { items: [] },
      "There is no Deployment `gatsby-site` in namespace `site-dev`.",
    ],
    [
      "something else answers",
      ["login"],
      "The answer to /apis/apps/v1/namespaces/site-dev/deployments?labelSelector=app%3Dgatsby-site is not a list of Kubernetes' API.",
    ],
  ])("says so if %s", async (_, answer, reason) => {
    const objects = listObjects([running[0]], "/namespaces/site-dev");
    objects[Object.keys(objects)[0]] = answer;
    const { pods } = await read([stackOf("dev")], { objects });
    expect(pods.get("dev")).toEqual({ reason });
  });
});
