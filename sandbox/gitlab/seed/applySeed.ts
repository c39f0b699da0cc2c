import type { GitLab } from "../gitlab";
import { plainFields } from "../model/mergeRequests";
import type { Project } from "../model/namespaces";
import type { Seed, SeedGroup, SeedMember, SeedMergeRequest, SeedProject, SeedUser } from "./seed";
import { findSeedProblems } from "./seedRules";

/** Adds the missing records. Existing records don't change, whatever the seed says. */
export function applySeed(gitlab: GitLab, seed: Seed): void {
  const problems = findSeedProblems(seed);
  if (problems.length > 0) {
    const count = problems.length === 1 ? "1 problem" : `${problems.length} problems`;
    throw new Error(
      [`The seed has ${count}:`, ...problems.map((line) => `  - ${line}`)].join("\n"),
    );
  }
  for (const user of seed.users ?? []) applyUser(gitlab, user);
  // Shorter paths first, because a subgroup needs its parent group.
  const groups = seed.groups?.toSorted((one, other) => one.path.length - other.path.length);
  for (const group of groups ?? []) applyGroup(gitlab, group);
  for (const project of seed.projects ?? []) applyProject(gitlab, project);
  for (const member of seed.members ?? []) applyMember(gitlab, member);
  for (const mergeRequest of seed.mergeRequests ?? []) applyMergeRequest(gitlab, mergeRequest);
}

function applyUser(gitlab: GitLab, seed: SeedUser): void {
  const user =
    gitlab.users.findByUsername(seed.username) ??
    gitlab.users.create({
      username: seed.username,
      name: seed.name,
      email: seed.email ?? `${seed.username}@example.com`,
      password: seed.password,
      admin: seed.admin ?? false,
      twoFactor: seed.twoFactor ?? false,
    });
  for (const { name, scopes, value = "", expiresAt } of seed.personalAccessTokens ?? []) {
    // Tokens are distinguished by value: in GitLab a user can have several with the same name.
    if (gitlab.accessTokens.findByValue(value) !== undefined) continue;
    gitlab.accessTokens.create({
      userId: user.id,
      name,
      scopes,
      value,
      expiresAt: expiresAt ?? null,
    });
  }
}

function applyGroup(gitlab: GitLab, seed: SeedGroup): void {
  if (gitlab.namespaces.findGroup(seed.path) !== undefined) return;
  const { parent, last } = splitPath(seed.path);
  gitlab.namespaces.createGroup({
    parentId: parent === "" ? null : requireFound(gitlab.namespaces.findGroup(parent)).id,
    path: seed.path,
    name: seed.name ?? last,
    visibility: seed.visibility ?? "private",
  });
}

function applyProject(gitlab: GitLab, seed: SeedProject): void {
  if (findProject(gitlab, seed.path) !== undefined) return;
  const { parent, last } = splitPath(seed.path);
  gitlab.namespaces.createProject({
    groupId: requireFound(gitlab.namespaces.findGroup(parent)).id,
    path: seed.path,
    name: seed.name ?? last,
    visibility: seed.visibility ?? "private",
    registryAccessLevel: seed.containerRegistryAccessLevel ?? "enabled",
  });
}

function applyMember(gitlab: GitLab, seed: SeedMember): void {
  const user = requireFound(gitlab.users.findByUsername(seed.username));
  if (seed.group !== undefined) {
    gitlab.members.addToGroup(
      requireFound(gitlab.namespaces.findGroup(seed.group)),
      user,
      seed.role,
    );
  }
  if (seed.project !== undefined) {
    gitlab.members.addToProject(requireFound(findProject(gitlab, seed.project)), user, seed.role);
  }
}

function applyMergeRequest(gitlab: GitLab, seed: SeedMergeRequest): void {
  const { sourceBranch, title, targetBranch, description = null } = seed;
  const project = requireFound(findProject(gitlab, seed.project));
  // Includes those that were merged or closed since.
  const there = gitlab.mergeRequests.list(project.id);
  if (there.some((one) => one.sourceBranch === sourceBranch)) return;
  const userOf = (name: string) => requireFound(gitlab.users.findByUsername(name));
  const fields = {
    ...plainFields,
    title,
    description,
    targetBranch: targetBranch ?? project.defaultBranch,
  };
  const author = userOf(seed.author);
  const made = gitlab.mergeRequests.create(project.id, author, sourceBranch, fields);
  for (const { author: name, body } of seed.notes ?? []) {
    gitlab.notes.create(made, userOf(name), { body });
  }
}

/** Returns the project, even if it was moved since. */
function findProject({ namespaces }: GitLab, path: string): Project | undefined {
  return namespaces.findProject(path) ?? namespaces.findMovedProject(path);
}

function splitPath(path: string): { parent: string; last: string } {
  const slash = path.lastIndexOf("/");
  return { parent: path.slice(0, Math.max(0, slash)), last: path.slice(slash + 1) };
}

/** Returns a record whose existence the seed's rules guarantee. */
function requireFound<T>(found: T | undefined): T {
  if (found === undefined) throw new Error("The seed refers to something that does not exist.");
  return found;
}
