import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { withCluster } from "../../../cli/pulumi/kubectl";
import { ended } from "../../support/cli";

const name = { apiVersion: "apps/v1", kind: "Deployment", name: "site", namespace: "web" };
let cwd: string;

beforeAll(() => {
  cwd = mkdtempSync(join(tmpdir(), "kubectl-"));
});

afterAll(() => rmSync(cwd, { recursive: true }));

/** Reads one object; returns kubectl's arguments, and what was in the kubeconfig that they name. */
async function read(values: Record<string, string>, secret = "", result = ended(0)) {
  let [line, text, mode]: (string | number | undefined)[] = [];
  let file = "";
  const io = {
    capture: (_: string, args: readonly string[]) => {
      line = args.join(" ");
      file = args[args.indexOf("--kubeconfig") + 1];
      if (existsSync(file))
        [text, mode] = [readFileSync(file, "utf8"), statSync(file).mode & 0o777];
      return Promise.resolve(result);
    },
  };
  const pulumi = { readSecret: () => Promise.resolve(secret) };
  const object = await withCluster({ cwd, stack: "prod", values }, pulumi, io, (get) => get(name));
  return { line, text, mode, file, object };
}

describe("withCluster", () => {
  it("asks the current cluster if none is configured", async () => {
    const { line, object } = await read({});
    expect(line).toBe(
      "get Deployment.v1.apps site --namespace web --ignore-not-found --output json --show-managed-fields",
    );
    expect(object).toBeUndefined();
  });

  it("asks the configured cluster", async () => {
    const file = join(cwd, "kubeconfig");
    writeFileSync(file, "apiVersion: v1\n");
    const values = { "kubernetes:kubeconfig": "kubeconfig", "kubernetes:context": "prod" };
    expect((await read(values)).line).toContain(` --kubeconfig ${file} --context prod `);
  });

  it.each([
    ["in plain text", "apiVersion: v1\nkind: Config\n", ""],
    ["as a secret", "", "apiVersion: v1\nkind: Config\n"],
  ])(
    "asks the cluster whose kubeconfig is configured %s, and leaves no file",
    async (_, value, secret) => {
      const { file, mode, text } = await read({ "kubernetes:kubeconfig": value }, secret);
      expect([text, mode]).toEqual(["apiVersion: v1\nkind: Config\n", 0o600]);
      expect(existsSync(file)).toBe(false);
    },
  );

  it("says what to check if the cluster does not answer", async () => {
    await expect(read({}, "", ended(1, "", "no route to host\n"))).rejects.toThrow(
      "Slipway can't read from the stack's cluster what a killed update created:\n  no route to host\nCheck `KUBECONFIG`, or `kubernetes:kubeconfig` and `kubernetes:context` of the stack, and run this again. Nothing was changed.",
    );
  });
});
