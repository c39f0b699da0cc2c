import { AdoptionWorld, own } from "../adopt/support/adoptionWorld";
import { deployment, NamespaceIo, object, service } from "../adopt/support/fakeNamespace";

const world = new AdoptionWorld();
const { run } = world;

describe("slipway adopt refuses", () => {
  it.each<[string, () => void, string]>([
    [
      "a Deployment that is not there",
      () => (world.io.live = world.io.live.slice(1)),
      "There is no Deployment `gatsby-site` in the namespace `web`",
    ],
    [
      "a Deployment of another stack",
      () => (world.io.live[0].metadata.managedFields = [{ manager: "pulumi-kubernetes-0123abcd" }]),
      "is a Pulumi stack's",
    ],
    [
      "a stack whose pods are not ready",
      () =>
        (world.io.live[2].status = { observedGeneration: 2, updatedReplicas: 1, readyReplicas: 0 }),
      "The pods of the Deployment `gatsby-site-prod` are not all ready. `npx slipway doctor prod` says why.",
    ],
    [
      "a Service that leads to pods of others too",
      () => world.io.live.push(deployment("canary", { app: "gatsby-site", track: "canary" })),
      "also leads to the pods of the Deployment `canary`",
    ],
    [
      "a Service with two ports of the pods",
      () => {
        const ports = [{ port: 80 }, { port: 9113, targetPort: 9113 }];
        world.io.live[1] = service("gatsby-site", { app: "gatsby-site" }, ports);
      },
      "leads to several ports of the pods (80, 9113)",
    ],
    [
      "a headless Service",
      () => ((world.io.live[1].spec as { clusterIP: string }).clusterIP = "None"),
      "is headless",
    ],
    [
      "a Service whose note of its former pods was edited",
      () => (world.io.live[1].metadata.annotations = { "slipway/former-target": "{}" }),
      "of the Service `gatsby-site` is not as `slipway adopt` wrote it: {}.",
    ],
    [
      "a NetworkPolicy that closes the new pods alone",
      () => {
        const closes = [{ key: "app", operator: "NotIn", values: ["gatsby-site"] }];
        world.io.live.push(
          object("NetworkPolicy", "closed", {
            spec: { podSelector: { matchExpressions: closes } },
          }),
        );
      },
      "The NetworkPolicy `closed` applies to the pods of `gatsby-site-prod`",
    ],
  ])("%s", async (_, prepare, message) => {
    prepare();
    await expect(run()).rejects.toThrow(message);
    expect(world.io.questions).toEqual([]);
    expect(world.io.changes).toEqual([]);
  });

  it("the stack's own Deployment", async () => {
    await expect(run({ deployment: own })).rejects.toThrow("is that of `prod` itself");
  });

  it("both ways at once", async () => {
    await expect(run({ undo: true, finish: true })).rejects.toThrow("exclude each other");
  });

  it("a stack that deployed nothing", async () => {
    world.io = new NamespaceIo({ prod: {} });
    await expect(run()).rejects.toThrow("Nothing is deployed on `prod`.");
  });
});
