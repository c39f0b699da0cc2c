import { accessTokenScopes } from "../model/accessTokens";
import { roles } from "../model/members";
import { registryAccessLevels, visibilities } from "../model/namespaces";
import type { Seed, SeedGroup, SeedMember, SeedMergeRequest, SeedToken } from "./seed";

/** Returns all problems of the seed, each with its remedy. Never a token's value. */
export function findSeedProblems(seed: Seed): string[] {
  const users = new Set(seed.users?.map(({ username }) => username));
  const groups = new Set(seed.groups?.map(({ path }) => path));
  const projects = new Set(seed.projects?.map(({ path }) => path));
  return [
    ...(seed.users ?? []).flatMap(({ username, personalAccessTokens = [] }) =>
      personalAccessTokens.flatMap((token) => findTokenProblems(username, token)),
    ),
    ...(seed.groups ?? []).flatMap((group) => findPathProblems("group", group, groups)),
    ...(seed.projects ?? []).flatMap((project) => [
      ...findPathProblems("project", project, groups),
      ...findChoiceProblems(
        `containerRegistryAccessLevel of project ${project.path}`,
        project.containerRegistryAccessLevel,
        registryAccessLevels,
      ),
    ]),
    ...(seed.members ?? []).flatMap((member) =>
      findMemberProblems(member, users, groups, projects),
    ),
    ...(seed.mergeRequests ?? []).flatMap((mergeRequest) =>
      findMergeRequestProblems(mergeRequest, users, projects),
    ),
  ];
}

function findTokenProblems(username: string, token: SeedToken): string[] {
  const subject = `personal access token ${token.name} of ${username}`;
  const problems = token.scopes.flatMap((scope) =>
    findChoiceProblems(`scope of ${subject}`, scope, accessTokenScopes),
  );
  if (!token.value) problems.push(`\`${subject}\` has no value. Set \`value\` or \`valueFile\`.`);
  if (token.expiresAt !== undefined && !/^\d{4}-\d\d-\d\d$/.test(token.expiresAt)) {
    problems.push(
      `\`expiresAt of ${subject}\` is "${token.expiresAt}". Use a day, \`YYYY-MM-DD\`.`,
    );
  }
  return problems;
}

function findPathProblems(
  kind: "group" | "project",
  { path, visibility }: SeedGroup,
  groups: ReadonlySet<string>,
): string[] {
  const problems = findChoiceProblems(`visibility of ${kind} ${path}`, visibility, visibilities);
  const parent = path.split("/").slice(0, -1).join("/");
  if (parent === "" ? kind === "project" : !groups.has(parent)) {
    problems.push(`\`${kind} ${path}\` is in no group of the seed. Add the group to \`groups\`.`);
  }
  return problems;
}

function findMemberProblems(
  { username, role, group, project }: SeedMember,
  users: ReadonlySet<string>,
  groups: ReadonlySet<string>,
  projects: ReadonlySet<string>,
): string[] {
  const subject = `member ${username} of ${group ?? project}`;
  const problems = findChoiceProblems(`role of ${subject}`, role, Object.keys(roles));
  if (!users.has(username))
    problems.push(`\`${subject}\` is not a user. Add the user to \`users\`.`);
  if ((group === undefined) === (project === undefined)) {
    problems.push(`\`${subject}\` needs one of \`group\` and \`project\`.`);
  } else if (group === undefined ? !projects.has(String(project)) : !groups.has(group)) {
    problems.push(
      `\`${subject}\` is a member of nothing in the seed. Add it to \`groups\` or \`projects\`.`,
    );
  }
  return problems;
}

function findMergeRequestProblems(
  { project, sourceBranch, targetBranch, author, notes = [] }: SeedMergeRequest,
  users: ReadonlySet<string>,
  projects: ReadonlySet<string>,
): string[] {
  const subject = `merge request of ${sourceBranch} in ${project}`;
  const problems: string[] = [];
  if (!projects.has(project)) {
    problems.push(`\`${subject}\` is in no project of the seed. Add the project to \`projects\`.`);
  }
  if (sourceBranch === targetBranch) {
    problems.push(`\`${subject}\` has the same branch as \`targetBranch\`. Use another.`);
  }
  const unknown = [author, ...notes.map((note) => note.author)].filter((name) => !users.has(name));
  for (const name of new Set(unknown)) {
    problems.push(`\`${subject}\` names ${name}, who is not a user. Add the user to \`users\`.`);
  }
  return problems;
}

function findChoiceProblems(
  subject: string,
  value: string | undefined,
  allowed: readonly string[],
): string[] {
  if (value === undefined || allowed.includes(value)) return [];
  return [`\`${subject}\` is "${value}". Use one of ${allowed.join(", ")}.`];
}
