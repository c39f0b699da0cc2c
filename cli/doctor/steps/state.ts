import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

import { readRelease } from "../../../components/release/release";
import { shortenStackName } from "../../../components/release/stackName";
import { tryParseJson } from "../../../components/json";
import { locateState } from "../../pulumi/fileBackend";
import { isSameStack } from "../../pulumi/project";
import { isDeployToken, stackType } from "../../pulumi/resourceTypes";
import { revealSecrets, type StackState } from "../../pulumi/stackState";
import type { Inspection, InspectedStack, Login } from "../inspection";
import { findSiteImage } from "../siteObjects";
import type { Finding, Step } from "../step";
import { describeOwnToken } from "./configuration";

/** The stack's state: whether it can be read and decrypted, its locks, and what a killed update left. */
export const stateStep: Step = {
  id: "state",
  title: "State",
  failure: "state",
  needsStack: true,
  dependsOn: ["configuration"],
  limitSeconds: 30,
  run: async (inspection) => {
    const stack = inspection.get("stack");
    const { pulumi } = stack;
    const [state, backend] = await Promise.all([
      pulumi.readSecretState(stack.stack),
      pulumi.findBackend(),
    ]);
    inspection.set("state", state);
    const folder = locateState(backend, stack.cwd);
    setLogins(inspection, stack, state);
    const { outputs = {} } = state.resources.find(({ type }) => type === stackType) ?? {};
    const release = readRelease(revealSecrets(outputs) as Record<string, unknown>);
    if (release !== undefined) inspection.set("release", release);
    const image = findSiteImage(state, release);
    if (image !== undefined) inspection.set("image", image);
    return {
      detail: `${state.resources.length} resources`,
      findings: [
        ...(folder === undefined ? await findRunning(stack) : findLocks(stack, folder)),
        ...findPending(stack.stack, state),
      ],
    };
  },
};

/** Takes the credentials that the last update left in use; before the first update there is only GitLab's token. */
function setLogins(inspection: Inspection, stack: InspectedStack, state: StackState): void {
  const { logins: existing, token } = inspection.get("target");
  const access = state.resources.find(({ type }) => type === "slipway:index:RegistryAccess");
  const outputs = revealSecrets(access?.outputs ?? {}) as Record<
    string,
    Partial<Login> | undefined
  >;
  const expiries = outputs as Record<string, unknown>;
  const logins = (["push", "pull"] as const).flatMap((role): Login[] => {
    const { password, username } = outputs[role] ?? {};
    if (password === undefined || username === undefined) return [];
    if (existing.some((login) => login.password === password)) return [];
    const expiresAt = expiries[`${role}TokenExpiresAt`];
    return [
      {
        label: `the ${role} token`,
        username,
        password,
        pushes: role === "push",
        renewal: `pulumi refresh --stack ${stack.stack} && npx slipway up ${stack.stack}`,
        tokenId: findTokenId(state, password),
        expiresAt: typeof expiresAt === "string" ? expiresAt : undefined,
      },
    ];
  });
  const isNew = logins.length === 0 && existing.length === 0 && token !== "";
  const all = isNew ? [describeOwnToken(token)] : logins;
  inspection.secrets.push(...all.map(({ password }) => password));
  inspection.set("logins", all);
}

function findTokenId({ resources }: StackState, value: string): number | undefined {
  const found = resources
    .filter(({ type }) => isDeployToken(type))
    .find(({ outputs = {} }) => revealSecrets(outputs.token) === value);
  return found === undefined ? undefined : Number(found.id?.slice(found.id.lastIndexOf(":") + 1));
}

interface LockFile {
  readonly pid?: number;
  readonly username?: string;
  readonly hostname?: string;
  readonly timestamp?: string;
}

/** Asks Pulumi Cloud for an update that runs. A backend that is a bucket shows its locks only to an update. */
async function findRunning({ project, pulumi, stack }: InspectedStack): Promise<Finding[]> {
  const busy = await pulumi.listBusyStacks();
  if (!busy.some((name) => isSameStack(name, stack, project))) return [];
  return [
    {
      cause: `\`${stack}\` is locked: Pulumi Cloud says that an update of it runs, or was killed.`,
      remedy: `pulumi cancel --yes --stack ${stack}    # only if no update runs any more`,
    },
  ];
}

/** Finds the locks of a state that is kept in files. */
function findLocks({ project, stack }: InspectedStack, folder: string): Finding[] {
  const locks = join(folder, "locks", "organization", project, shortenStackName(stack));
  if (!existsSync(locks)) return [];
  return readdirSync(locks)
    .filter((name) => name.endsWith(".json"))
    .map((name) => {
      const lock = (tryParseJson(readFileSync(join(locks, name), "utf8")) ?? {}) as LockFile;
      const { hostname = "?", pid = "?", timestamp = "", username = "?" } = lock;
      const minutes = Math.max(0, Math.floor((Date.now() - Date.parse(timestamp)) / 60_000));
      return {
        cause: `\`${stack}\` is locked since ${minutes} minutes by ${username}@${hostname}, process ${pid}: an update runs there or was killed.`,
        remedy: `pulumi cancel --yes --stack ${stack}    # only if no update runs there any more`,
      };
    });
}

function findPending(stack: string, { pending }: StackState): Finding[] {
  if (pending.length === 0) return [];
  const names = pending.map(({ resource, type }) => `${type} ${resource.urn.split("::").at(-1)}`);
  return [
    {
      cause: `An update of \`${stack}\` was killed while it was ${names.join(", ")}.`,
      remedy: `npx slipway up ${stack}    # recovers from it`,
    },
  ];
}
