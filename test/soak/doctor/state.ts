import { copyFileSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { checkout, inSandbox } from "../../e2e/support/checkout";
import { locks } from "../../e2e/support/state";
import { testFaults } from "./fault";

const lock = join(locks, "0c6c6ba7-0000-4000-8000-000000000000.json");
/** The file with the stack's state, and a copy of it. */
const file = join(checkout, ".sandbox/test/pulumi/state/.pulumi/stacks/gatsby-site/dev.json");
const copy = join(checkout, ".sandbox/dev-state.json");

interface StateFile {
  readonly checkpoint: {
    readonly latest: {
      pending_operations?: object[];
      readonly resources: readonly { readonly type: string }[];
    };
  };
}

/** Pulumi's state, and what the stack is configured with. */
export function testState(): void {
  testFaults([
    {
      name: "a lock of another machine",
      inject: () => {
        mkdirSync(locks, { recursive: true });
        const timestamp = new Date(Date.now() - 2 * 60 * 60_000).toISOString();
        const content = { pid: 4711, username: "ann", hostname: "runner-7", timestamp };
        writeFileSync(lock, JSON.stringify(content));
        return Promise.resolve();
      },
      end: () => Promise.resolve(rmSync(lock, { force: true })),
      causes: { state: /^`[^`]*dev` is locked since 120 minutes by ann@runner-7, process 4711: / },
      code: 19,
    },
    {
      name: "a wrong passphrase",
      setup: "unset PULUMI_CONFIG_PASSPHRASE_FILE; export PULUMI_CONFIG_PASSPHRASE=wrong",
      causes: { state: /^`pulumi stack export.*failed/ },
      code: 19,
    },
    {
      name: "an update that was killed while it created a token",
      inject: () => {
        copyFileSync(file, copy);
        const state = JSON.parse(readFileSync(file, "utf8")) as StateFile;
        const { latest } = state.checkpoint;
        const token = latest.resources.find(({ type }) => type.endsWith("DeployToken"));
        const resource = { ...token, id: undefined, outputs: undefined };
        latest.pending_operations = [{ type: "creating", resource }];
        writeFileSync(file, JSON.stringify(state));
        return Promise.resolve();
      },
      end: () => Promise.resolve(renameSync(copy, file)),
      causes: { state: /^An update of `[^`]*dev` was killed while it was creating / },
      code: 19,
    },
    {
      name: "a backend that is not there",
      setup: "export PULUMI_BACKEND_URL=file:///no/such/folder",
      causes: { configuration: /pulumi .*failed|no such|backend/ },
      code: 11,
    },
    {
      name: "a stack that is not there",
      args: "nowhere",
      causes: { configuration: /nowhere/ },
      code: 11,
    },
    {
      name: "a configuration with a mistake",
      inject: () => inSandbox("pulumi config set digest latest --stack dev"),
      end: () => inSandbox("pulumi config rm digest --stack dev"),
      causes: { configuration: /^`digest` is "latest", which is not a digest: / },
      code: 11,
    },
    {
      name: "a Pulumi that is too old",
      setup:
        'folder=$(mktemp -d); printf "#!/bin/sh\\n[ \\"\\$1\\" = version ] && echo v3.100.0 && exit\\nexec $(command -v pulumi) \\"\\$@\\"\\n" > $folder/pulumi; chmod +x $folder/pulumi; export PATH=$folder:$PATH',
      causes: { configuration: /^pulumi is 3\.100\.0, and Slipway needs 3\.259\.0 or newer\.$/ },
      code: 11,
    },
  ]);
}
