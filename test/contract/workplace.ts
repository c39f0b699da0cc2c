import { Gitlab } from "@gitbeaker/rest";

import { tokenOf, World } from "../sandbox/gitlab/support/world";

/** Where a contract is tried: a GitLab, with a project that nobody else needs. */
export interface Workplace {
  readonly url: string;
  /** A token of scope `api`, whose owner owns the project. */
  readonly token: string;
  /** The project's full path. */
  readonly project: string;
  /** The client, with that token. */
  readonly client: InstanceType<typeof Gitlab>;
  close(): Promise<void>;
}

/** A GitLab that contracts can be tried at. */
interface Target {
  readonly name: string;
  readonly available: boolean;
  open(): Promise<Workplace>;
}

const { GITLAB_URL: realUrl, GITLAB_TOKEN: realToken, GITLAB_PROJECT: realProject } = process.env;

const targets: readonly Target[] = [
  { name: "the simulator", available: true, open: openSimulator },
  {
    name: "GitLab at GITLAB_URL, with GITLAB_TOKEN",
    available: Boolean(realUrl && realToken),
    open: () => openReal(String(realUrl), String(realToken), realProject),
  },
];

/**
 * Tries a contract at the simulator and, when `GITLAB_URL` and `GITLAB_TOKEN` name one, at a GitLab; without
 * them that half counts as skipped. What a contract makes there is in a group of its own, which is removed
 * afterwards, or in the project `GITLAB_PROJECT`.
 */
export function describeContract(title: string, define: (open: () => Workplace) => void): void {
  for (const target of targets) {
    (target.available ? describe : describe.skip)(`${title}, by ${target.name}`, () => {
      let workplace: Workplace;
      beforeAll(async () => {
        workplace = await target.open();
      }, 60_000);
      define(() => workplace);
      // After the contract's own: hooks run in the order in which they are declared.
      afterAll(() => workplace.close(), 60_000);
    });
  }
}

/** The status and the description of a refusal, as the client tells them. */
export async function findRefusal(
  call: Promise<unknown>,
): Promise<{ status?: number; description?: unknown }> {
  try {
    await call;
  } catch (error) {
    const { cause } = error as { cause?: { response?: Response; description?: unknown } };
    return { status: cause?.response?.status, description: cause?.description };
  }
  return {};
}

async function openSimulator(): Promise<Workplace> {
  const world = new World();
  await world.start({ url: undefined, now: () => new Date() });
  const url = world.address;
  const token = tokenOf("owner");
  return {
    url,
    token,
    project: "web/gatsby-site",
    client: new Gitlab({ host: url, token }),
    close: () => world.stop(),
  };
}

async function openReal(url: string, token: string, project?: string): Promise<Workplace> {
  const client = new Gitlab({ host: url, token });
  const place = { url, token, client };
  if (project !== undefined) return { ...place, project, close: () => Promise.resolve() };

  const name = `slipway-contract-${Date.now()}`;
  const group = await client.Groups.create(name, name, { visibility: "private" });
  const made = await client.Projects.create({ name: "site", path: "site", namespaceId: group.id });
  return {
    ...place,
    project: made.path_with_namespace,
    close: () => client.Groups.remove(group.id),
  };
}
