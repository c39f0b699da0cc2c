import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";

import * as pulumi from "@pulumi/pulumi";

import {
  type PullSecretEntryInputs,
  pullSecretEntryProvider,
} from "../../../components/site/pullSecretEntry";

/** A service account as Kubernetes has it, and what is to go wrong. */
interface World {
  imagePullSecrets?: { name: string }[];
  resourceVersion: number;
  /** Entries that somebody else adds between the reading and the next changes, one each time. */
  intruders?: string[];
  /** What kubectl was asked, an element for each run. */
  asked?: string[][];
  /** What it was given as kubeconfig, once that is a file's content. */
  kubeconfig?: string;
}

/** Stands in for kubectl: takes JSON patches as the API server does, with its test of the version. */
const kubectl = `#!${process.execPath}
const fs = require("node:fs");
const file = process.env.TEST_WORLD;
const args = process.argv.slice(2);
if (!fs.existsSync(file)) process.exit(args[0] === "get" ? 0 : 1);
const world = JSON.parse(fs.readFileSync(file, "utf8"));
(world.asked ??= []).push(args);
const kubeconfig = args[args.indexOf("--kubeconfig") + 1];
if (args.includes("--kubeconfig")) world.kubeconfig = fs.readFileSync(kubeconfig, "utf8");
const keep = () => fs.writeFileSync(file, JSON.stringify(world));
if (args[0] === "get") {
  const { imagePullSecrets, resourceVersion } = world;
  console.log(JSON.stringify({ metadata: { resourceVersion: String(resourceVersion) }, imagePullSecrets }));
} else {
  const intruder = world.intruders?.shift();
  if (intruder !== undefined) {
    (world.imagePullSecrets ??= []).push({ name: intruder });
    world.resourceVersion += 1;
  }
  const [test, add] = JSON.parse(args[args.indexOf("--patch") + 1]);
  if (test.value !== String(world.resourceVersion)) {
    keep();
    console.error("The request is invalid: the server rejected our request");
    process.exit(1);
  }
  world.imagePullSecrets = add.value;
  world.resourceVersion += 1;
}
keep();
`;

const inputs: PullSecretEntryInputs = { namespace: "web", account: "builder", secret: "ours" };
const id = "web/builder/ours";
const {
  create,
  delete: remove,
  diff,
  read,
  update,
} = pullSecretEntryProvider as Required<typeof pullSecretEntryProvider>;
const path = process.env.PATH;
let folder: string;
let file: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "pull-secret-entry-"));
  file = join(folder, "world.json");
  writeFileSync(join(folder, "kubectl"), kubectl);
  chmodSync(join(folder, "kubectl"), 0o755);
  process.env.PATH = [folder, path].join(delimiter);
  process.env.TEST_WORLD = file;
});

afterEach(() => {
  process.env.PATH = path;
  delete process.env.TEST_WORLD;
  rmSync(folder, { recursive: true });
});

function begin(world: Partial<World> = {}): void {
  writeFileSync(file, JSON.stringify({ resourceVersion: 7, ...world }));
}
const world = (): World => JSON.parse(readFileSync(file, "utf8")) as World;
const entries = () => world().imagePullSecrets?.map(({ name }) => name);

describe("PullSecretEntry", () => {
  it("is added behind what others have", async () => {
    begin({ imagePullSecrets: [{ name: "theirs" }] });

    expect(await create(inputs)).toEqual({ id, outs: inputs });
    expect(entries()).toEqual(["theirs", "ours"]);
  });

  it("is added where there is no list, and once only", async () => {
    begin();
    await create(inputs);
    await create(inputs);

    expect(entries()).toEqual(["ours"]);
    expect(world().asked?.map(([verb]) => verb)).toEqual(["get", "patch", "get"]);
  });

  it("loses nothing that others add meanwhile", async () => {
    begin({ intruders: ["a", "b"] });
    await create(inputs);

    expect(entries()).toEqual(["a", "b", "ours"]);
  });

  it("gives up when the list never stands still", async () => {
    begin({ intruders: ["a", "b", "c", "d", "e", "f"] });

    await expect(create(inputs)).rejects.toThrow(
      "The pull secrets of service account `builder` in namespace `web` can't be reached: The request is invalid: the server rejected our request",
    );
    expect(entries()).toEqual(["a", "b", "c", "d", "e"]);
  });

  it("says that there is no such account", async () => {
    await expect(create({ ...inputs, account: "batch" })).rejects.toThrow(
      "There is no service account `batch` in namespace `web`. Create it, or take it out of `pullSecretServiceAccounts`.",
    );
    expect(existsSync(file)).toBe(false);
  });

  it("waits for the account that Kubernetes makes for a new namespace", async () => {
    const made = create({ ...inputs, account: "default" });
    setTimeout(begin, 700);

    expect(await made).toMatchObject({ id: "web/default/ours" });
    expect(entries()).toEqual(["ours"]);
  });

  it("says that there is no kubectl", async () => {
    process.env.PATH = "/nowhere";

    await expect(create(inputs)).rejects.toThrow("can't be reached: `kubectl` is not on PATH.");
  });

  it("goes, and leaves what others have", async () => {
    begin({ imagePullSecrets: [{ name: "a" }, { name: "ours" }, { name: "b" }] });
    await remove(id, inputs);

    expect(entries()).toEqual(["a", "b"]);
  });

  it.each([
    ["the account is gone", undefined],
    ["the entry is gone", { imagePullSecrets: [{ name: "theirs" }] }],
  ])("has nothing to remove where %s", async (_, before) => {
    if (before) begin(before);

    await expect(remove(id, inputs)).resolves.toBeUndefined();
    expect(existsSync(file) && entries()).toEqual(before ? ["theirs"] : false);
  });

  it("counts as gone in a refresh when somebody took it out, or the account away", async () => {
    expect(await read(id, inputs)).toEqual({});
    begin({ imagePullSecrets: [{ name: "theirs" }] });
    expect(await read(id, inputs)).toEqual({});
    begin({ imagePullSecrets: [{ name: "theirs" }, { name: "ours" }] });
    expect(await read(id, inputs)).toEqual({ id, props: inputs });
  });

  it("is another one for another account or secret, and the same by another way", async () => {
    expect(await diff(id, inputs, { ...inputs })).toEqual({ changes: false, replaces: [] });
    expect(await diff(id, inputs, { ...inputs, secret: "new" })).toEqual({
      changes: true,
      replaces: ["secret"],
    });
    const news = { ...inputs, context: "web" };
    expect(await diff(id, inputs, news)).toEqual({ changes: true, replaces: [] });
    expect(await update(id, inputs, news)).toEqual({ outs: news });
  });

  it("reaches the cluster by a kubeconfig's content or path, and by its context", async () => {
    begin();
    await create({ ...inputs, kubeconfig: "apiVersion: v1", context: "web" });
    expect(world().kubeconfig).toBe("apiVersion: v1");
    expect(world().asked?.[0]).toEqual(expect.arrayContaining(["--context", "web"]));

    writeFileSync(join(folder, "config"), "kind: Config");
    await remove(id, { ...inputs, kubeconfig: join(folder, "config") });
    expect(world().kubeconfig).toBe("kind: Config");
    // The content was in a file of its own, which is gone.
    const [first = []] = world().asked ?? [];
    expect(existsSync(first[first.indexOf("--kubeconfig") + 1])).toBe(false);
  });

  it("needs nothing of the program that the state does not have", async () => {
    const { text } = await pulumi.runtime.serializeFunction(() => pullSecretEntryProvider);

    expect(text).not.toMatch(/require\(|import\(/);
  });
});
