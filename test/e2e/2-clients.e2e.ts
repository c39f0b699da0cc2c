import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import pWaitFor from "p-wait-for";

import { shell } from "./support/checkout";
import {
  createCredentials,
  credentialKinds,
  deleteDeployTokens,
  type CredentialKind,
  type Login,
} from "./support/credentials";
import { expectSuccess } from "./support/expectSuccess";
import { connectGitLab, project, registry, type TestGitLab } from "./support/gitlab";
import { renderPullingPod } from "./support/pod";
import { listOccurrences } from "./support/secrets";

const minuteMs = 60_000;
const image = `${registry}/${project}/clients`;
const denied = /denied|unauthorized/;

let folder: string;
let gitlab: TestGitLab;
let logins: Record<CredentialKind, Login>;
let environment: string;

/** Runs a command in the sandbox's environment, which is asked for once: `make env` takes its time. */
async function run(command: string): Promise<{ code: number | null; output: string }> {
  return shell(`. ${environment}; ${command}`);
}

/** Writes a password to a file, and gives its name: a command line is everybody's to read. */
function writePassword({ password }: Login): string {
  const file = join(folder, "password.txt");
  writeFileSync(file, password, { mode: 0o600 });
  return file;
}

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "clients-"));
  environment = join(folder, "environment");
  const { code, output } = await shell(`make docker && make -s env > ${environment}`);
  if (code !== 0) throw new Error(output.slice(-3000));
  gitlab = await connectGitLab();
  logins = await createCredentials(gitlab);
  writeFileSync(join(folder, "Dockerfile"), "FROM scratch\nCOPY hello /\n");
  writeFileSync(join(folder, "hello"), "hello");
}, 10 * minuteMs);

afterAll(async () => {
  await deleteDeployTokens(gitlab);
  await gitlab.close();
  rmSync(folder, { recursive: true });
});

describe("the docker CLI, with a real engine", () => {
  const local = "slipway-clients";

  beforeAll(async () => {
    const built = await run(`DOCKER_BUILDKIT=0 docker build --quiet --tag ${local} ${folder}`);
    if (built.code !== 0) throw new Error(built.output);
  }, minuteMs);

  it.each(credentialKinds)(
    "logs in, pushes and pulls with a %s as far as that may: %j",
    async (kind, may) => {
      const login = logins[kind];
      const docker = `docker --config ${join(folder, nameOf(kind), "docker")}`;

      const loggedIn = await run(
        `${docker} login --username '${login.username}' --password-stdin ${registry} < ${writePassword(login)}`,
      );
      expect(loggedIn.output).toMatch(may.login ? /Login Succeeded/ : /HTTP Basic: Access denied/);
      expect(loggedIn.code === 0).toBe(may.login);
      expect(listOccurrences(loggedIn.output, [login.password])).toEqual([]);

      const pushed = await run(`docker tag ${local} ${image} && ${docker} push ${image}`);
      expect(pushed.output).toMatch(may.push ? /digest: sha256:/ : denied);
      expect(pushed.code === 0).toBe(may.push);

      const pulled = await run(`docker image rm ${image} >/dev/null && ${docker} pull ${image}`);
      expect(pulled.output).toMatch(may.pull ? /Digest: sha256:/ : denied);
      expect(pulled.code === 0).toBe(may.pull);
    },
    minuteMs,
  );
});

describe("the Docker engine", () => {
  it(
    "gives a container GitLab's network, and one that asks for it all that this machine may",
    async () => {
      const address = (await run("getent hosts gitlab.thelinuxlabs.com")).output.split(" ")[0];
      const reach = "mount -t tmpfs none /mnt; : >/dev/tcp/gitlab.thelinuxlabs.com/5050";
      expectSuccess(
        await run(
          `docker run --rm --privileged --add-host gitlab.thelinuxlabs.com:${address} debian:bookworm-slim bash -ec '${reach}'`,
        ),
      );
    },
    2 * minuteMs,
  );
});

describe("containerd, for a pod that must pull", () => {
  let namespace: string;
  let pods: Map<string, Pod>;

  beforeAll(async () => {
    const output = async (name: string): Promise<string> =>
      (await run(`pulumi stack output ${name} --stack dev`)).output.trim();
    namespace = await output("namespace");
    const site = await output("image");
    const objects = credentialKinds.flatMap(([kind]) => podWithSecret(kind, logins[kind], site));
    const file = join(folder, "pods.json");
    writeFileSync(file, JSON.stringify({ apiVersion: "v1", kind: "List", items: objects }));
    const applied = await run(`kubectl apply --namespace ${namespace} --filename ${file}`);
    if (applied.code !== 0) throw new Error(applied.output);
    const areSettled = async (): Promise<boolean> => {
      pods = await listPods(namespace);
      return credentialKinds.every(([kind, may]) => {
        const pod = pods.get(nameOf(kind));
        const outcome = pod && outcomeOf(pod);
        // A kubelet that has not read the secret yet is refused, and pulls again with it.
        return may.pull ? outcome === "pulled" : outcome !== undefined;
      });
    };
    // What has not come by then, the tests below name.
    await pWaitFor(areSettled, { interval: 500, timeout: 2 * minuteMs }).catch(() => undefined);
  }, 3 * minuteMs);

  afterAll(async () => {
    await run(
      `kubectl delete pod,secret --namespace ${namespace} --selector test=clients --wait=false`,
    );
  }, minuteMs);

  it.each(credentialKinds)("pulls with a %s as far as that may: %j", (kind, may) => {
    const pod = pods.get(nameOf(kind));
    expect(pod && outcomeOf(pod)).toMatch(may.pull ? /^pulled$/ : /401 Unauthorized|403 Forbidden/);
  });

  const podWithSecret = (kind: CredentialKind, login: Login, site: string): object[] => {
    const metadata = { name: nameOf(kind), labels: { test: "clients" } };
    const auths = { [registry]: login };
    return [
      {
        apiVersion: "v1",
        kind: "Secret",
        metadata,
        type: "kubernetes.io/dockerconfigjson",
        stringData: { ".dockerconfigjson": JSON.stringify({ auths }) },
      },
      renderPullingPod(metadata, { image: site, pullSecret: metadata.name }),
    ];
  };
});

interface Pod {
  readonly metadata: { readonly name: string };
  readonly status: {
    readonly containerStatuses?: readonly {
      readonly imageID: string;
      readonly state: { readonly waiting?: { readonly reason: string; readonly message?: string } };
    }[];
  };
}

function nameOf(kind: CredentialKind): string {
  return kind.toLowerCase().replaceAll(" ", "-");
}

async function listPods(namespace: string): Promise<Map<string, Pod>> {
  const { output } = await run(
    `kubectl get pods --namespace ${namespace} --selector test=clients --output json`,
  );
  const { items } = JSON.parse(output) as { items: Pod[] };
  return new Map(items.map((pod) => [pod.metadata.name, pod]));
}

/** What came of the pull: undefined while it goes on, the runtime's own words where it was refused. */
function outcomeOf({ status }: Pod): string | undefined {
  const [container] = status.containerStatuses ?? [];
  if (container?.imageID) return "pulled";
  const { reason, message = "" } = container?.state.waiting ?? {};
  // A kubelet that has not seen the secret yet tries without, and later again: that says nothing of the credential.
  const triedWithout = message.includes("anonymous token");
  return reason === "ErrImagePull" && !triedWithout ? message : undefined;
}
