import type { AccessTokenScope } from "../../../../../sandbox/gitlab/model/accessTokens";
import type { DeployTokenScope } from "../../../../../sandbox/gitlab/model/deployTokens";
import { roles, type MemberSource, type Role } from "../../../../../sandbox/gitlab/model/members";
import {
  registryAccessLevels,
  visibilities,
  type Project,
} from "../../../../../sandbox/gitlab/model/namespaces";
import { members, seed, tokenOf, World, type CallerName } from "../../support/world";
import { readAccess } from "./tokens";

const password = "correct horse battery staple";

/** Projects by visibility and by who may use their registry, in a group in which everybody has their role. */
const places = visibilities.flatMap((visibility) =>
  registryAccessLevels.map((level) => ({
    path: `cells/${visibility}-${level}`,
    visibility,
    containerRegistryAccessLevel: level,
  })),
);

/** A simulator with a project for every column of the table, and every credential that its rows name. */
export class TokenWorld extends World {
  override async start(): Promise<void> {
    const people = ["typist", "careful"];
    await super.start({
      seed: {
        ...seed,
        users: [
          ...seed.users!,
          ...people.map((username) => ({
            username,
            name: username,
            password,
            twoFactor: username === "careful",
          })),
        ],
        groups: [{ path: "cells", visibility: "public" }, { path: "elsewhere" }],
        projects: [...places, { path: "cells/other" }, { path: "cells/listed" }],
        members: [
          ...members.map((role) => ({ username: role, role, group: "cells" })),
          ...people.map((username) => ({ username, role: "developer" as const, group: "cells" })),
        ],
      },
    });
    for (const { path } of places) {
      this.state.jobTokenAllowlist.add(this.project(path), this.project("cells/listed"));
    }
  }

  /** What is granted in each project: letters for pull (r), push (w) and delete (d), or the refusal's status. */
  async probe(credential: string): Promise<string> {
    const cells: string[] = [];
    for (const { path } of places) {
      const login = this.loginOf(credential, this.project(path));
      const answer = await this.jwtAuth(`&scope=repository:${path}:pull,push,delete`, login);
      const actions = readAccess(answer).flatMap((access) => access.actions);
      const letters = actions.map((action) => ({ pull: "r", push: "w", delete: "d" })[action]);
      cells.push(answer.status === 200 ? letters.join("") || "-" : String(answer.status));
    }
    return cells.join(" ");
  }

  /** User name and password, in the words of the table: a kind of credential, then what is special about it. */
  private loginOf(credential: string, project: Project): string | undefined {
    const [kind = "", first = "", second = ""] = credential.split(" ");
    const source: MemberSource = {
      kind: kind.startsWith("group") ? "group" : "project",
      id: kind.startsWith("group") ? project.groupId : project.id,
    };
    switch (kind) {
      case "nobody":
        return undefined;
      case "unknown":
        return "any:glpat-unknown";
      case "password":
        return first === "wrong" ? "typist:wrong" : `${first}:${password}`;
      case "personal":
        return `any:${tokenOf(second, first)}`;
      case "dead":
        return `any:${this.deadToken(first)}`;
      case "project-token":
      case "group-token":
        return `any:${this.botToken(source, first as AccessTokenScope, second as Role)}`;
      case "project-deploy":
      case "group-deploy":
        return this.deployLogin(source, first, second);
      case "job":
        return `gitlab-ci-token:${this.jobToken(first, project, second as CallerName)}`;
      default:
        throw new Error(`There is no credential ${credential}.`);
    }
  }

  private deadToken(how: string): string {
    const { id: userId } = this.state.users.findByUsername("maintainer")!;
    const token = this.state.accessTokens.create({
      userId,
      name: how,
      scopes: ["api"],
      expiresAt: how === "expired" ? "2027-01-01" : null,
    });
    if (how === "revoked") this.state.accessTokens.revoke(token);
    return token.value;
  }

  private botToken(source: MemberSource, scope: AccessTokenScope, place: Role | "other"): string {
    const at = place === "other" ? this.elsewhere(source.kind) : source;
    const role = place === "other" ? "owner" : place;
    const { id: userId } = this.state.resourceBots.create(at, "bot", roles[role], "gitlab.test");
    const args = { userId, name: "bot", scopes: [scope], expiresAt: null };
    return this.state.accessTokens.create(args).value;
  }

  private deployLogin(source: MemberSource, scopes: string, what: string): string {
    const token = this.state.deployTokens.create({
      holder: what === "other" ? this.elsewhere(source.kind) : source,
      name: "d",
      scopes: scopes.split("+") as DeployTokenScope[],
      username: undefined,
      expiresAt: what === "expired" ? "2027-01-01T11:59:59.999Z" : null,
    });
    if (what === "revoked") this.state.deployTokens.delete(token);
    return `${what === "misnamed" ? "somebody" : token.username}:${token.value}`;
  }

  private jobToken(of: string, project: Project, username: CallerName): string {
    const job = this.state.jobs.create({
      pipelineId: 1,
      project: of === "other" || of === "listed" ? this.project(`cells/${of}`) : project,
      user: this.state.users.findByUsername(username)!,
      name: "build",
      stage: "build",
    });
    if (of === "ended") this.state.jobs.end(job, "success");
    return job.value;
  }

  private elsewhere(kind: MemberSource["kind"]): MemberSource {
    const { namespaces } = this.state;
    const { id } =
      kind === "project" ? this.project("cells/other") : namespaces.findGroup("elsewhere")!;
    return { kind, id };
  }

  private project(path: string): Project {
    return this.state.namespaces.findProject(path)!;
  }
}
