import * as pulumi from "@pulumi/pulumi";

/** How to reach the cluster; as `kubectl` finds it where nothing is said. */
export interface ClusterAccess {
  /** Content of a kubeconfig, or its path. */
  readonly kubeconfig?: string;

  /** Context of the kubeconfig. */
  readonly context?: string;
}

/** An entry of a service account's `imagePullSecrets`. */
export interface PullSecretEntryInputs extends ClusterAccess {
  readonly namespace: string;
  /** Name of the service account, which exists already. */
  readonly account: string;
  /** Name of the pull secret. */
  readonly secret: string;
}

type Provider = pulumi.dynamic.ResourceProvider<PullSecretEntryInputs, PullSecretEntryInputs>;

/**
 * One entry in the list of a service account that somebody else made. The other entries stay theirs.
 *
 * Not a `ServiceAccountPatch`: Kubernetes takes that list as one value, which has one owner. Where others put
 * something into it, server-side apply refuses; and giving ours up would take theirs along.
 */
export class PullSecretEntry extends pulumi.dynamic.Resource {
  constructor(
    name: string,
    args: pulumi.Inputs & {
      [K in keyof PullSecretEntryInputs]: pulumi.Input<PullSecretEntryInputs[K]>;
    },
    opts?: pulumi.CustomResourceOptions,
  ) {
    super(pullSecretEntryProvider, name, args, opts, "slipway", "PullSecretEntry");
  }
}

/*
 * Pulumi writes the provider into the state, as text, and runs that: what it uses must be here, and no import.
 * `kubectl` knows every way in which a kubeconfig may say who one is.
 */

/** How {@link PullSecretEntry} is made and removed. */
export const pullSecretEntryProvider: Provider = {
  create: async (inputs) => {
    await addEntry(inputs);
    const { account, namespace, secret } = inputs;
    return { id: `${namespace}/${account}/${secret}`, outs: inputs };
  },

  read: async (id, props) => {
    if (props === undefined) return {};
    const entries = await readEntries(props);
    // Without an id it counts as gone, and the next update makes it again.
    return entries?.names.includes(props.secret) ? { id, props } : {};
  },

  diff: (_, olds, news) => {
    const differ = (keys: readonly (keyof PullSecretEntryInputs)[]) =>
      keys.filter((key) => olds[key] !== news[key]);
    const replaces = differ(["namespace", "account", "secret"]);
    const changes = replaces.length > 0 || differ(["kubeconfig", "context"]).length > 0;
    return Promise.resolve({ changes, replaces });
  },

  // The way to the cluster is all that can be other: it is noted for the deletion.
  update: (_, __, news) => Promise.resolve({ outs: news }),

  delete: (_, props) => removeEntry(props),
};

async function addEntry(inputs: PullSecretEntryInputs): Promise<void> {
  const { account, namespace, secret } = inputs;
  if (account === "default") await waitForAccount(inputs);
  await changeEntries(inputs, (names) => {
    if (names === undefined) {
      throw new Error(
        `There is no service account \`${account}\` in namespace \`${namespace}\`. Create it, or take it out of \`pullSecretServiceAccounts\`.`,
      );
    }
    return names.includes(secret) ? undefined : [...names, secret];
  });
}

/** Kubernetes makes this account by itself, a moment after the namespace, which may just have been made. */
async function waitForAccount(inputs: PullSecretEntryInputs): Promise<void> {
  const attempts = 20;
  for (let attempt = 1; attempt < attempts; attempt++) {
    if ((await readEntries(inputs)) !== undefined) return;
    await new Promise((resolve) => setTimeout(resolve, 500));
  }
}

async function removeEntry(inputs: PullSecretEntryInputs): Promise<void> {
  await changeEntries(inputs, (names) =>
    names?.includes(inputs.secret) ? names.filter((name) => name !== inputs.secret) : undefined,
  );
}

/**
 * Changes the list, unless somebody else did since it was read: then it is read again.
 *
 * @param change the list as it shall be; undefined if it is right
 */
async function changeEntries(
  inputs: PullSecretEntryInputs,
  change: (names: readonly string[] | undefined) => string[] | undefined,
): Promise<void> {
  const attempts = 5;
  for (let attempt = 1; ; attempt++) {
    const found = await readEntries(inputs);
    const wanted = change(found?.names);
    if (found === undefined || wanted === undefined) return;
    const patch = [
      { op: "test", path: "/metadata/resourceVersion", value: found.resourceVersion },
      { op: "add", path: "/imagePullSecrets", value: wanted.map((name) => ({ name })) },
    ];
    const options = ["--type", "json", "--patch", JSON.stringify(patch)];
    try {
      await askKubectl(inputs, "patch", options);
      return;
    } catch (error) {
      if (attempt === attempts) throw error;
    }
  }
}

/** The names in the account's list; undefined where there is no such account. */
async function readEntries(
  inputs: PullSecretEntryInputs,
): Promise<{ names: string[]; resourceVersion: string } | undefined> {
  const text = await askKubectl(inputs, "get", ["--output", "json", "--ignore-not-found"]);
  if (text.trim() === "") return undefined;
  const { imagePullSecrets = [], metadata } = JSON.parse(text) as {
    imagePullSecrets?: { name: string }[];
    metadata: { resourceVersion: string };
  };
  return {
    names: imagePullSecrets.map(({ name }) => name),
    resourceVersion: metadata.resourceVersion,
  };
}

/** Runs `kubectl` on the service account. */
async function askKubectl(
  { account, context, kubeconfig, namespace }: PullSecretEntryInputs,
  verb: string,
  options: readonly string[],
): Promise<string> {
  const child = process.getBuiltinModule("node:child_process");
  const fs = process.getBuiltinModule("node:fs");
  const path = process.getBuiltinModule("node:path");
  const folder = fs.mkdtempSync(
    path.join(process.getBuiltinModule("node:os").tmpdir(), "slipway-"),
  );
  try {
    let file = kubeconfig;
    if (kubeconfig !== undefined && !fs.existsSync(kubeconfig)) {
      file = path.join(folder, "kubeconfig");
      fs.writeFileSync(file, kubeconfig, { mode: 0o600 });
    }
    const args = [
      ...[verb, "serviceaccount", account, "--namespace", namespace, ...options],
      ...["--request-timeout", "30s"],
      ...(file ? ["--kubeconfig", file] : []),
      ...(context ? ["--context", context] : []),
    ];
    return await new Promise((resolve, reject) => {
      child.execFile("kubectl", args, { env: process.env }, (error, stdout, stderr) => {
        if (error === null) return resolve(stdout);
        const said = error.code === "ENOENT" ? "`kubectl` is not on PATH." : stderr.trim();
        reject(
          new Error(
            `The pull secrets of service account \`${account}\` in namespace \`${namespace}\` can't be reached: ${said}`,
          ),
        );
      });
    });
  } finally {
    fs.rmSync(folder, { recursive: true });
  }
}
