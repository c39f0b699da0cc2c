import { AdoptionWorld, own } from "../adopt/support/adoptionWorld";
import { deployment, endpoints, object, service } from "../adopt/support/fakeNamespace";

const world = new AdoptionWorld();
const { run } = world;

const target = () => {
  const { selector, ports } = world.io.find("Service", "gatsby-site")?.spec as {
    selector: unknown;
    ports: unknown;
  };
  return { selector, ports };
};
const byHand = { selector: { app: "gatsby-site" }, ports: [{ port: 80, targetPort: 80 }] };
const adopted = { selector: { app: own }, ports: [{ port: 80, targetPort: "http" }] };

describe("slipway adopt", () => {
  it("shows what it moves, and moves the Service to the stack's pods", async () => {
    await run();
    expect(world.io.printed).toEqual([
      [
        "In the namespace `web`, requests go from the pods of `gatsby-site` to those of `gatsby-site-prod`, of the stack `prod`:",
        "  Service gatsby-site: app=gatsby-site -> app=gatsby-site-prod, port 80 -> http (was 80)",
        "  Ingress `www` stays as it is",
        "Nothing is deleted: the pods of `gatsby-site` go on, and `npx slipway adopt prod --undo` leads back to them.",
        "Before: look at the new site (`kubectl port-forward --namespace web service/gatsby-site-prod 8080:80`), and stop the job or the tool that applies the manifest of `gatsby-site`, since it would take the Service back.",
      ].join("\n"),
      "`gatsby-site` leads to the pods of `gatsby-site-prod` now. When you are content: `npx slipway adopt prod --finish`. Until then `--undo` leads back.",
    ]);
    expect(world.io.questions).toEqual(["Move the requests to the stack's pods?"]);
    expect(target()).toEqual(adopted);
    expect(world.io.changes).toEqual(["patch Service gatsby-site"]);
  });

  it("changes nothing without consent", async () => {
    world.io.answer = false;
    await expect(run()).rejects.toThrow("Nothing was changed.");
    expect(world.io.changes).toEqual([]);
  });

  it("does nothing the second time", async () => {
    await run();
    await run();
    expect(world.io.printed[2]).toBe(
      "No Service in the namespace `web` leads to the pods of `gatsby-site` any more. When you are content: `npx slipway adopt prod --finish`. Until then `--undo` leads back.",
    );
    expect(world.io.changes).toHaveLength(1);
  });

  it("goes on where it was interrupted, with two Services", async () => {
    world.io.live.push(
      service("www", { app: "gatsby-site" }, [{ port: 8080, targetPort: 80 }]),
      endpoints("www", "10.1.0.5", "10.1.0.6"),
    );
    world.io.beforeChange = () => {
      if (world.io.changes.length === 1) throw new Error("killed");
    };
    await expect(run()).rejects.toThrow("killed");
    world.io.beforeChange = () => undefined;
    await run();
    expect(world.io.changes).toEqual(["patch Service gatsby-site", "patch Service www"]);
    await run({ undo: true });
    expect(target()).toEqual(byHand);
  });

  it("moves nothing that somebody else changes meanwhile", async () => {
    world.io.beforeChange = () => {
      const changed = world.io.find("Service", "gatsby-site");
      if (changed) changed.metadata.resourceVersion = "999";
    };
    await expect(run()).rejects.toThrow("testing value failed");
    expect(target()).toEqual(byHand);
  });

  it("looks again after the question", async () => {
    jest.spyOn(world.io, "confirm").mockImplementation(() => {
      const status = world.io.find("Deployment", own)?.status as { readyReplicas: number };
      status.readyReplicas = 0;
      return Promise.resolve(true);
    });
    await expect(run()).rejects.toThrow("are not all ready");
    expect(world.io.changes).toEqual([]);
  });
});

describe("slipway adopt --undo", () => {
  it("leads back to the former pods, with nothing left on the Service", async () => {
    await run();
    await run({ undo: true });
    expect(target()).toEqual(byHand);
    expect(world.io.find("Service", "gatsby-site")?.metadata.annotations).toEqual({});
  });

  it("gives a port back that was left out", async () => {
    world.io.live[1] = service("gatsby-site", { app: "gatsby-site" }, [{ port: 80 }]);
    await run();
    await run({ undo: true });
    // The API server sets what is left out to the port.
    expect(target()).toEqual(byHand);
  });

  it.each([
    ["nothing was moved", () => undefined, "there is nothing to undo"],
    [
      "the former pods don't run",
      async () => {
        await run();
        (world.io.find("Deployment", "gatsby-site")?.spec as { replicas: number }).replicas = 0;
      },
      "Start them: `kubectl scale deployment gatsby-site --replicas 1 --namespace web`.",
    ],
    [
      "the former Deployment is gone",
      async () => {
        await run();
        world.io.live = world.io.live.filter(
          (one) => one !== world.io.find("Deployment", "gatsby-site"),
        );
      },
      "Apply its manifest again, then run this again.",
    ],
  ])("refuses if %s", async (_, prepare, message) => {
    await prepare();
    const before = world.io.changes.length;
    await expect(run({ undo: true })).rejects.toThrow(message);
    expect(world.io.changes).toHaveLength(before);
  });
});

describe("slipway adopt --finish", () => {
  it("deletes the former Deployment and its pull secret, and nothing else", async () => {
    await run();
    const names = world.io.live.map(({ kind, metadata }) => `${kind} ${metadata.name}`);
    await run({ finish: true });
    expect(world.io.printed[2]).toBe(
      [
        "In the namespace `web`, this deletes what can't be brought back by `--undo`:",
        "  Deployment gatsby-site, with its pods",
        "  Secret gitlab-registry, which nothing else uses",
        "Stays: the Service `gatsby-site`, which leads to the stack's pods. What uses it by name goes on.",
      ].join("\n"),
    );
    expect(world.io.changes.slice(1)).toEqual([
      "delete Deployment gatsby-site",
      "delete Secret gitlab-registry",
      "patch Service gatsby-site",
    ]);
    const left = world.io.live.map(({ kind, metadata }) => `${kind} ${metadata.name}`);
    expect(names.filter((name) => !left.includes(name))).toEqual([
      "Deployment gatsby-site",
      "Secret gitlab-registry",
    ]);
    expect(target()).toEqual(adopted);
  });

  it.each([
    ["a pod", object("Pod", "job", { spec: { imagePullSecrets: [{ name: "gitlab-registry" }] } })],
    [
      "an account",
      object("ServiceAccount", "default", { imagePullSecrets: [{ name: "gitlab-registry" }] }),
    ],
    ["a Deployment", deployment("blog", { app: "blog" }, "gitlab-registry")],
  ])("keeps a pull secret that %s uses", async (_, user) => {
    await run();
    world.io.live.push(user);
    await run({ finish: true });
    expect(world.io.printed[2]).toContain(
      `Stays: the Secret \`gitlab-registry\`, which others use: ${user.kind} \`${user.metadata.name}\``,
    );
    expect(world.io.find("Secret", "gitlab-registry")).toBeDefined();
    expect(world.io.find("Deployment", "gatsby-site")).toBeUndefined();
  });

  it("finishes what was interrupted after the Deployment", async () => {
    await run();
    world.io.beforeChange = () => {
      if (world.io.changes.length === 2) throw new Error("killed");
    };
    await expect(run({ finish: true })).rejects.toThrow("killed");
    world.io.beforeChange = () => undefined;
    await run({ finish: true });
    expect(world.io.find("Secret", "gitlab-registry")).toBeUndefined();
    expect(world.io.find("Service", "gatsby-site")?.metadata.annotations).toEqual({});
  });

  it("deletes nothing that was made anew after the question", async () => {
    await run();
    world.io.beforeChange = () => {
      const changed = world.io.find("Deployment", "gatsby-site");
      if (changed) changed.metadata.uid = "another";
    };
    await expect(run({ finish: true })).rejects.toThrow("Conflict");
    expect(world.io.find("Deployment", "gatsby-site")).toBeDefined();
  });

  it("deletes nothing while a Service leads to the former pods", async () => {
    await expect(run({ finish: true })).rejects.toThrow(
      "`gatsby-site` still leads to the pods of `gatsby-site`. Move it first: `npx slipway adopt prod`.",
    );
    expect(world.io.changes).toEqual([]);
  });

  it("deletes nothing if what uses the secret can't be read", async () => {
    await run();
    world.io.forbidden.add("pods");
    await expect(run({ finish: true })).rejects.toThrow(/Forbidden[^]*docs\/adopting\.md/);
    expect(world.io.changes).toHaveLength(1);
  });
});
