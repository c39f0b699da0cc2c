import { NamespaceClient } from "../adopt/cluster";
import { waitForEndpoints } from "../adopt/endpoints";
import { describeMove, describeRemoval, describeReturn } from "../adopt/describe";
import { type Adoption, findAdoption, kinds, nameServices } from "../adopt/formerSite";
import { renderForgetting, renderMove, renderReturn, type Target } from "../adopt/formerTarget";
import {
  type AdoptionNames,
  findMoveProblems,
  findRemovalProblems,
  findReturnProblems,
} from "../adopt/problems";
import { describeUsers, findSecrets, secretUsers } from "../adopt/secrets";
import { shortenStackName } from "../../components/release/stackName";
import { Kubectl } from "../doctor/kubectl";
import { findSiteObjects } from "../doctor/siteObjects";
import { UserError } from "../errors";
import type { CommandContext } from "../io";
import { openStack } from "../pulumi/openStack";

/** Options of `slipway adopt`. */
export interface AdoptOptions {
  /** Folder of Pulumi.yaml. */
  readonly cwd: string;
  /** Stack that takes the site's place; default: the selected one. */
  readonly stack?: string;
  /** Name of the Deployment that was made by hand. */
  readonly deployment: string;
  /** Leads back to the former site. */
  readonly undo: boolean;
  /** Deletes the former site. */
  readonly finish: boolean;
  /** Whether the user agreed beforehand. */
  readonly yes: boolean;
}

/** One adoption at work. */
interface Work {
  readonly names: AdoptionNames;
  readonly client: NamespaceClient;
  readonly options: AdoptOptions;
  readonly io: CommandContext;
}

/**
 * `slipway adopt`: a stack's site takes the place of one that was deployed by hand, in the same namespace. The Services
 * of the former site are moved to the stack's pods, while both run; `undo` moves them back; `finish` deletes the
 * former Deployment and its pull secret. What is done is noted on the Services themselves, so each step may be
 * interrupted and run again.
 *
 * @throws UserError if a page could get lost by it, or if the user does not agree; nothing is changed then
 */
export async function adopt(options: AdoptOptions, io: CommandContext): Promise<void> {
  if (options.undo && options.finish) {
    throw new UserError("`--undo` and `--finish` exclude each other. Leave out one of them.");
  }
  const stack = await openStack(options, io);
  const site = findSiteObjects(await stack.pulumi.readState(stack.stack));
  const name = shortenStackName(stack.stack);
  if (site === undefined) {
    throw new UserError(
      `Nothing is deployed on \`${name}\`. Put it into the namespace of the site that it replaces, and deploy it:\n  pulumi config set namespace <namespace> --stack ${name}\n  npx slipway up ${name}`,
    );
  }
  const { deployment: own, namespace } = site;
  if (own === options.deployment) {
    throw new UserError(
      `The Deployment \`${own}\` in the namespace \`${namespace}\` is that of \`${name}\` itself. Name the one that was made by hand with \`--deployment\`.`,
    );
  }
  const kubectl = await Kubectl.open(stack, stack.pulumi, io);
  try {
    const client = new NamespaceClient(kubectl, namespace);
    const names = { stack: name, namespace, own, former: options.deployment };
    const work = { names, client, options, io };
    if (options.undo) await undo(work);
    else if (options.finish) await finish(work);
    else await move(work);
  } finally {
    kubectl.close();
  }
}

async function move(work: Work): Promise<void> {
  const { client, io, names } = work;
  const find = () => read(work, kinds, findMoveProblems);
  const shown = await find();
  if (shown.services.length === 0) {
    io.print(
      `No Service in the namespace \`${names.namespace}\` leads to the pods of \`${names.former}\`${shown.moved.length > 0 ? " any more" : ""}. ${describeNext(names)}`,
    );
    return;
  }
  io.print(describeMove(shown, targetOf(shown), names));
  await agree(work, "Move the requests to the stack's pods?");

  const adoption = await find();
  const { secrets, services } = adoption;
  const former = { deployment: names.former, secrets };
  for (const service of services) {
    await client.patch(service, renderMove(service, targetOf(adoption), former));
  }
  const late = await waitForEndpoints(services, names.own, client);
  if (late.length > 0) {
    throw new UserError(
      `The Service ${late.map((name) => `\`${name}\``).join(", ")} is moved, but does not lead to the stack's pods after half a minute. Lead it back: \`npx slipway adopt ${names.stack} --undo\`.`,
    );
  }
  io.print(
    `${nameServices(services)} leads to the pods of \`${names.own}\` now. ${describeNext(names)}`,
  );
}

function describeNext({ stack }: AdoptionNames): string {
  return `When you are content: \`npx slipway adopt ${stack} --finish\`. Until then \`--undo\` leads back.`;
}

async function undo(work: Work): Promise<void> {
  const { client, io, names } = work;
  const find = () => read(work, kinds, findReturnProblems);
  io.print(describeReturn(await find(), names));
  await agree(work, "Move the requests back?");
  const { moved } = await find();
  for (const { from, service } of moved) await client.patch(service, renderReturn(service, from));
  io.print(`The pods of \`${names.former}\` get the requests again.`);
}

async function finish(work: Work): Promise<void> {
  const { client, io, names } = work;
  const find = async () => {
    const adoption = await read(work, [...kinds, ...secretUsers], findRemovalProblems);
    const { kept, unused } = findSecrets(adoption);
    const existing = unused.length === 0 ? [] : await client.list(["secrets"]);
    const secrets = existing.filter(({ metadata }) => unused.includes(metadata.name));
    return { adoption, kept, secrets };
  };
  const shown = await find();
  const secrets = shown.secrets.map(({ metadata }) => metadata.name);
  io.print(
    describeRemoval(shown.adoption, { secrets, kept: shown.kept.map(describeUsers) }, names),
  );
  await agree(work, "Delete this?");

  const { adoption, secrets: again } = await find();
  if (adoption.former !== undefined) await client.remove(adoption.former);
  // Only what was shown.
  const agreed = again.filter(({ metadata }) => secrets.includes(metadata.name));
  for (const secret of agreed) await client.remove(secret);
  for (const { service } of adoption.moved) await client.patch(service, renderForgetting(service));
  io.print(
    `\`${names.former}\` is replaced by the stack \`${names.stack}\`. Its deploy token is still valid: revoke it in GitLab (Settings > Repository > Deploy tokens), unless something else uses it.`,
  );
}

/** Reads what an adoption is about. @throws UserError with all problems, if there are any */
async function read(
  { client, names }: Work,
  what: readonly string[],
  findProblems: (adoption: Adoption, names: AdoptionNames) => readonly string[],
): Promise<Adoption> {
  const adoption = findAdoption(await client.list(what), names.former, names.own);
  const problems = findProblems(adoption, names);
  if (problems.length === 0) return adoption;
  const list =
    problems.length === 1
      ? problems[0]
      : problems.map((problem) => `- ${problem.replaceAll("\n", "\n  ")}`).join("\n");
  throw new UserError(`${list}\nNothing was changed.`);
}

function targetOf({ service }: Adoption): Target {
  const { ports = [], selector = {} } = service?.spec ?? {};
  return { selector, targetPort: ports[0]?.targetPort ?? "http" };
}

async function agree({ io, options }: Work, question: string): Promise<void> {
  if (!options.yes && !(await io.confirm(question))) throw new UserError("Nothing was changed.");
}
