import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { tryReadStackFiles } from "../../../cli/pulumi/stateFiles";

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "slipway-state-"));
  for (const part of ["stacks", "history"]) {
    mkdirSync(join(folder, part, "gatsby-site", "dev"), { recursive: true });
  }
});

afterEach(() => rmSync(folder, { recursive: true }));

const write = (path: string, content: object): void =>
  writeFileSync(join(folder, path), JSON.stringify(content));
const writeState = (content: object): void => write("stacks/gatsby-site/dev.json", content);
const writeHistory = (name: string, content: object): void =>
  write(`history/gatsby-site/dev/${name}`, content);
const read = (count = 20) =>
  tryReadStackFiles(folder, { project: "gatsby-site", stack: "dev" }, count);

const resource = { urn: "urn:pulumi:dev::gatsby-site::pulumi:pulumi:Stack::gatsby-site-dev" };
const state = {
  version: 3,
  checkpoint: {
    latest: { manifest: { time: "2026-11-28T11:56:59Z" }, resources: [resource] },
  },
};

describe("tryReadStackFiles", () => {
  it("reads a stack's state, and its last operations, the newest first", () => {
    writeState(state);
    for (const [index, kind] of ["update", "refresh", "update"].entries()) {
      const name = `dev-179586706254170639${index}.history.json`;
      writeHistory(name, { kind, startTime: 100 + index, endTime: 200 + index, result: "failed" });
      writeHistory(`${name}.attrs`, {});
      writeHistory(name.replace("history", "checkpoint"), {});
    }

    const record = read(2);
    expect(record?.state).toEqual({
      resources: [resource],
      pending: [],
      writtenAt: new Date("2026-11-28T11:56:59Z"),
    });
    expect(record?.history.map(({ kind, startedAt }) => [kind, startedAt.getTime()])).toEqual([
      ["update", 102_000],
      ["refresh", 101_000],
    ]);
    expect(record?.history[0].endedAt).toEqual(new Date(202_000));
  });

  it("reads the configuration of an operation as text, without its secrets", () => {
    writeState(state);
    writeHistory("dev-1.history.json", {
      config: {
        "gatsby-site:replicas": "2",
        "gatsby-site:publicConfig": { notice: "new" },
        "gatsby-site:credentials": { push: { password: { secure: "v1:abc" } } },
        "kubernetes:kubeconfig": { secure: "v1:def" },
      },
    });
    expect(read()?.history[0].config).toEqual({
      "gatsby-site:replicas": "2",
      "gatsby-site:publicConfig": '{"notice":"new"}',
      "gatsby-site:credentials": "",
      "kubernetes:kubeconfig": "",
    });
  });

  it("reads a stack without an update", () => {
    rmSync(join(folder, "history"), { recursive: true });
    writeState({ version: 3, checkpoint: { stack: "organization/gatsby-site/dev" } });
    expect(read()).toEqual({
      state: { resources: [], pending: [], writtenAt: undefined },
      history: [],
    });
  });

  it.each([
    ["there is no file", () => undefined],
    [
      "the state is truncated",
      () => writeFileSync(join(folder, "stacks/gatsby-site/dev.json"), "{"),
    ],
    [
      "the history is compressed",
      () => {
        writeState(state);
        writeHistory("dev-1.history.json.gz", {});
      },
    ],
  ])("leaves it to Pulumi if %s", (_, prepare) => {
    prepare();
    expect(read()).toBeUndefined();
  });
});
