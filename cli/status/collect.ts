import { shortenStackName } from "../../components/release/stackName";
import type { CommandContext } from "../io";
import { Pulumi } from "../pulumi/pulumiCli";
import { readNow } from "../stackConfig";
import { type CommitFacts, findCommitFacts } from "./commitFacts";
import { type GitLabFacts, readGitLabFacts, type RegistryFacts } from "./gitlabFacts";
import type {
  Drift,
  Overview,
  PodsOverview,
  Problem,
  ReleaseOverview,
  StackOverview,
} from "./overview";
import { readPods } from "./pods";
import { findPromotion, sortByPath } from "./promotionPath";
import { mapSideBySide, type Read, tryRead } from "./sideBySide";
import { findStackFacts, type StackFacts } from "./stackFacts";
import { readStacks, type RecordedStack } from "./stackRecords";
import { shortenDigest } from "./words";

/** Which stacks to look at. */
export interface CollectArgs {
  /** Folder of Pulumi.yaml. */
  readonly cwd: string;
  /** Stacks to show; all if empty. */
  readonly named: readonly string[];
}

/** Set by the programs of a sandbox that is stopped, which have said so: nothing there answers. */
const stoppedVariable = "SLIPWAY_STOPPED";

/** Number of pairs of releases whose commits are compared at the same time, with two processes of git each. */
const comparisonsAtOnce = 4;

/**
 * Finds out what runs where: from the stacks' states, their clusters, GitLab and git, side by side. What can't be
 * read is named in the stack's problems.
 *
 * @throws UserError if the backend can't be read, or a named stack does not exist
 */
export async function collectOverview(
  { cwd, named }: CollectArgs,
  io: CommandContext,
): Promise<Overview> {
  const now = readNow(io.env);
  const isStopped = Boolean(io.env[stoppedVariable]);
  const pulumi = new Pulumi(io, cwd);
  const { project, shown, sources } = await readStacks(cwd, named, pulumi);
  const pair = (recorded: RecordedStack) => ({ recorded, facts: findStackFacts(recorded, now) });
  const [stacks, others] = [shown.map(pair), sources.map(pair)];
  const all = [...stacks, ...others].map(({ facts }) => facts);

  const running = stacks.flatMap(({ facts, recorded }) =>
    facts.deployment === undefined || facts.release === undefined
      ? []
      : [{ ...recorded, deployment: facts.deployment, repository: facts.release.repository }],
  );
  const released = stacks.filter(({ facts }) => facts.release !== undefined);
  const commits = released.flatMap(({ facts }) => facts.release?.commit ?? []);
  const [pods, gitlab, commitFacts, promotions] = await Promise.all([
    readPods(isStopped ? [] : running, pulumi, io),
    readGitLabFacts(
      isStopped ? [] : released.map(({ facts, recorded }) => ({ ...recorded, facts })),
      pulumi,
      io.env,
    ),
    findCommitFacts(io, cwd, commits),
    mapSideBySide(stacks, comparisonsAtOnce, ({ facts }) => findPromotion(facts, all, cwd, io)),
  ]);
  const overviews = await Promise.all(
    stacks.map(async ({ facts }, index) => {
      const { release, stack } = facts;
      return describeStack(facts, {
        pods: pods.get(stack),
        gitlab: gitlab.get(stack),
        commit: release && commitFacts.get(release.commit),
        promotion: promotions[index],
        isStopped,
      });
    }),
  );
  return { project, takenAt: now.toISOString(), stacks: sortByPath(overviews) };
}

interface Answers {
  readonly pods: Read<PodsOverview> | undefined;
  readonly gitlab: GitLabFacts | undefined;
  readonly commit: CommitFacts | undefined;
  readonly promotion: StackOverview["promotion"];
  /** Whether nothing was asked, since the sandbox is stopped. */
  readonly isStopped: boolean;
}

async function describeStack(facts: StackFacts, answers: Answers): Promise<StackOverview> {
  const { commit, gitlab, pods, promotion } = answers;
  const registry = gitlab && getValue(gitlab.registry);
  const environment = gitlab && getValue(gitlab.environment);
  const running = pods && getValue(pods);
  const isOwnPipeline = facts.pipeline !== undefined && environment?.pipeline === facts.pipeline;
  return {
    stack: shortenStackName(facts.stack),
    tier: facts.tier,
    promoteFrom: facts.promoteFrom && shortenStackName(facts.promoteFrom),
    pin: facts.pin,
    url: facts.url,
    release: facts.release && describeRelease(facts.release, commit),
    deployed: facts.deployed && {
      ...facts.deployed,
      by: isOwnPipeline ? environment?.deployedBy : facts.deployed.by,
    },
    registry: registry && {
      tags: registry.tags,
      createdAt: registry.createdAt,
      page: registry.page,
    },
    pods: running,
    environment: environment && { name: environment.name, page: environment.page },
    tokens: facts.tokens,
    promotion,
    drift: [
      ...facts.drift,
      ...(await findPodDrift(facts, running, registry)),
      ...(registry === undefined ? [] : findRegistryDrift(registry)),
    ],
    problems: findProblems(facts, answers),
  };
}

function describeRelease(
  { commit, digest, repository, version }: NonNullable<StackFacts["release"]>,
  facts: CommitFacts | undefined,
): ReleaseOverview {
  const { author, authoredAt, subject } = facts ?? {};
  return { digest, repository, version, commit, subject, author, authoredAt };
}

async function findPodDrift(
  { release }: StackFacts,
  pods: PodsOverview | undefined,
  registry: RegistryFacts | undefined,
): Promise<Drift[]> {
  const others = (pods?.digests ?? []).filter(({ digest }) => digest !== release?.digest);
  if (others.length === 0) return [];
  // What can't be read here was reported with the registry.
  const platforms = registry && (await tryRead(() => registry.readPlatforms()));
  return others
    .filter(({ digest }) => !(platforms && getValue(platforms)?.includes(digest)))
    .map(({ digest, pods: count }) => {
      const [noun, verb] = count === 1 ? ["pod", "runs"] : ["pods", "run"];
      const text = `${count} ${noun} ${verb} another digest, ${shortenDigest(digest)}.`;
      return { kind: "other pods", text };
    });
}

function findRegistryDrift({ isMissing, moved }: RegistryFacts): Drift[] {
  return [
    ...moved.map((tag): Drift => {
      return { kind: "tag moved", text: `In the registry, \`${tag}\` points to another digest.` };
    }),
    ...(isMissing
      ? [{ kind: "image deleted" as const, text: "The registry no longer has this digest." }]
      : []),
  ];
}

function findProblems({ reason }: StackFacts, { gitlab, isStopped, pods }: Answers): Problem[] {
  const problem = (part: Problem["part"], read: Read<unknown> | undefined): Problem[] =>
    read !== undefined && "reason" in read ? [{ part, reason: read.reason }] : [];
  const registry = problem("registry", gitlab?.registry);
  const environment = problem("GitLab", gitlab?.environment);
  const isSame = registry.at(0)?.reason === environment.at(0)?.reason;
  return [
    ...(reason === undefined ? [] : [{ part: "stack" as const, reason }]),
    ...problem("cluster", pods),
    ...environment,
    ...(isSame ? [] : registry),
    ...(isStopped
      ? [{ part: "sandbox" as const, reason: "It is stopped. To start it: make up" }]
      : []),
  ];
}

function getValue<T>(read: Read<T>): T | undefined {
  return "value" in read ? read.value : undefined;
}
