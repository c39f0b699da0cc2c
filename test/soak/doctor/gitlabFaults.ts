import { ofProject, project, registry } from "../../e2e/support/gitlab";
import type { FaultArgs } from "../../../sandbox/gitlab/control/faults";
import { type Fault, testFaults } from "./fault";
import type { DoctorWorld } from "./world";

/** GitLab itself: its project, its token service, and what is wrong with both. */
export function testGitLab(world: DoctorWorld): void {
  const answering = (name: string, faults: readonly FaultArgs[], rest: Partial<Fault>): Fault => ({
    name,
    inject: async () => {
      for (const fault of faults) await world.gitlab.control.addFault(fault);
    },
    end: () => world.gitlab.control.clearFaults(),
    ...rest,
  });
  const tokens = (fault: FaultArgs): FaultArgs[] => [{ route: "/jwt/auth", ...fault }];
  const own = { route: "/projects/:id", method: "GET" };
  const rules = `/${ofProject}/registry/protection/repository/rules`;
  const setRegistry = (level: string): Promise<unknown> =>
    world.gitlab.api("PUT", `/${ofProject}`, { container_registry_access_level: level });
  const limit =
    /^GitLab limits or bans requests from this address \(status (403|429)\), after too many/m;

  testFaults([
    answering("a token service that is broken", tokens({ status: 500 }), {
      causes: {
        login: /^(.*GitLab's token service at .* has a problem of its own \(status 500\)\.\n?)+$/,
      },
      code: 16,
    }),
    answering("a token service in maintenance", tokens({ status: 503 }), {
      causes: { login: /has a problem of its own \(status 503\)\./ },
      code: 16,
    }),
    answering("a token service with a rate limit", tokens({ status: 429 }), {
      causes: { login: limit },
      code: 14,
    }),
    answering(
      "an address that GitLab has banned",
      tokens({ status: 403, body: "Forbidden\n", headers: { "content-type": "text/plain" } }),
      { causes: { login: limit }, code: 14 },
    ),
    answering("a token service that cuts the connection", tokens({ cut: true }), {
      causes: { login: /gave no answer to GET \/jwt\/auth: / },
      code: 12,
    }),
    answering("a token service that takes too long", tokens({ latencyMilliseconds: 60_000 }), {
      causes: { login: /^"Login" had no result after|gave no answer to GET \/jwt\/auth: / },
      code: 12,
    }),
    {
      name: "a GitLab that is being upgraded",
      inject: () => world.gitlab.control.setMaintenance("down"),
      end: () => world.gitlab.control.setMaintenance("off"),
      causes: {
        login: /has a problem of its own \(status 503\)\./,
        gitlab: /^Request failed with status code 503: /,
      },
      code: 16,
    },
    answering(
      "a blocked user",
      [
        {
          route: "/personal_access_tokens/self",
          status: 403,
          body: { message: "403 Forbidden - Your account has been blocked." },
        },
      ],
      { causes: { gitlab: /^The user of `GITLAB_TOKEN` is blocked in GitLab\.$/ }, code: 14 },
    ),
    {
      name: "an archived project",
      inject: async () => {
        const found = await world.gitlab.api<object>("GET", `/${ofProject}`);
        await world.gitlab.control.addFault({
          ...own,
          status: 200,
          body: { ...found, archived: true },
        });
      },
      end: () => world.gitlab.control.clearFaults(),
      causes: { gitlab: /^`web\/gatsby-site` is archived, so nothing can be pushed/ },
      code: 16,
    },
    {
      name: "a project that was renamed",
      inject: () => world.gitlab.control.moveProject(project, "web/renamed"),
      end: () => world.gitlab.control.moveProject("web/renamed", project),
      causes: {
        repository: /^(`web\/gatsby-site` was renamed to `web\/renamed`\. .*\n?)+$/,
        gitlab: /^`web\/gatsby-site` was renamed to `web\/renamed`\. /,
      },
      code: 16,
    },
    {
      name: "a project whose registry is off",
      inject: () => setRegistry("disabled"),
      end: () => setRegistry("enabled"),
      causes: {
        repository: /^(The container registry of `web\/gatsby-site` is off\.\n?)+$/,
        gitlab: /^The container registry of `web\/gatsby-site` is off\.$/,
      },
      code: 16,
    },
    {
      name: "a project that does not exist",
      args: `--registry ${registry} --project web/nothing`,
      causes: {
        repository: /^GitLab has no project `web\/nothing`/,
        gitlab: /^GitLab has no project `web\/nothing`/,
      },
      code: 16,
    },
    {
      name: "a protected repository",
      inject: () =>
        world.gitlab.api("POST", rules, {
          repository_path_pattern: project,
          minimum_access_level_for_push: "maintainer",
        }),
      end: async () => {
        const all = await world.gitlab.api<{ id: number }[]>("GET", rules);
        for (const { id } of all) await world.gitlab.api("DELETE", `${rules}/${id}`);
      },
      causes: { login: /^Push: A protection rule of `web\/gatsby-site` covers the repository/ },
      code: 14,
    },
  ]);
}
