import * as pulumi from "@pulumi/pulumi";

import { resolvePullSecretNeed } from "../../../components/registry/pullAccessLookup";
import { FakeEngine } from "../../support/engine";

const getProject = "gitlab:index/getProject:getProject";

function install(project: object): Promise<FakeEngine> {
  return FakeEngine.install({ functions: { [getProject]: () => project } });
}

describe("resolvePullSecretNeed", () => {
  it.each([
    ["public", "enabled", false],
    ["private", "enabled", true],
  ])("asks GitLab of a project that is %s, registry %s", async (visibilityLevel, level, needed) => {
    const engine = await install({ visibilityLevel, containerRegistryAccessLevel: level });

    expect(await resolvePullSecretNeed({ mode: "auto", project: "web/site" })).toBe(needed);
    expect(engine.calls).toEqual([{ token: getProject, args: { pathWithNamespace: "web/site" } }]);
  });

  it.each([
    ["always", true],
    ["nodes", false],
  ] as const)("asks nothing when it is said: %s", async (mode, needed) => {
    const engine = await install({});

    expect(await resolvePullSecretNeed({ mode, project: "web/site" })).toBe(needed);
    expect(engine.calls).toEqual([]);
  });

  it("refuses to do without where GitLab asks for credentials, though a node may have the image", async () => {
    await install({ visibilityLevel: "private", containerRegistryAccessLevel: "enabled" });

    await expect(resolvePullSecretNeed({ mode: "never", project: "web/site" })).rejects.toThrow(
      new pulumi.RunError(
        `\`pullSecret\` is "never", but the images of \`web/site\` can't be pulled without credentials: its visibility is "private", that of its registry "enabled".
No pod would start on a node that does not have the image. Use a pull secret, or say that the nodes have credentials:
    pulumi config set pullSecret auto
    pulumi config set pullSecret nodes`,
      ),
    );
  });

  it("does without where anyone may pull", async () => {
    await install({ visibilityLevel: "public", containerRegistryAccessLevel: "enabled" });

    expect(await resolvePullSecretNeed({ mode: "never", project: "web/site" })).toBe(false);
  });

  it("warns when it does without and GitLab does not answer", async () => {
    await FakeEngine.install({
      functions: {
        [getProject]: () => {
          const details = `invocation of ${getProject} returned an error: no such host`;
          throw Object.assign(new Error(details), { details });
        },
      },
    });
    const warn = jest.spyOn(pulumi.log, "warn").mockResolvedValue();

    expect(await resolvePullSecretNeed({ mode: "never", project: "web/site" })).toBe(false);
    expect(warn.mock.calls.map(([text]) => text)).toEqual([
      '`pullSecret` is "never", but it is unknown whether the images of `web/site` can be pulled without credentials. If not, no pod starts on a node that does not have the image. GitLab did not tell who may pull the images of `web/site`: no such host\nGitLab was not reached, or closed the connection. Check `gitlab:baseUrl`, the network and the proxy, then run the command again.',
    ]);
    warn.mockRestore();
  });

  it("refuses a project without container registry", async () => {
    await install({ visibilityLevel: "private", containerRegistryAccessLevel: "disabled" });

    await expect(resolvePullSecretNeed({ mode: "auto", project: "web/site" })).rejects.toThrow(
      new pulumi.RunError(
        "The container registry of `web/site` is off. Switch it on in GitLab: Settings > General > Visibility, project features, permissions > Container registry.",
      ),
    );
  });

  it("says what went wrong when GitLab does not answer, and how to go on", async () => {
    await FakeEngine.install({
      functions: {
        [getProject]: () => {
          // As gRPC reports it.
          const details = `invocation of ${getProject} returned an error: GET https://gitlab.example.com/api/v4/projects/web%2Fsite: 404 {message: 404 Project Not Found}`;
          throw Object.assign(new Error(`2 UNKNOWN: ${details}`), { details });
        },
      },
    });

    const asked = resolvePullSecretNeed({ mode: "auto", project: "web/site" });
    await expect(asked).rejects.toThrow(
      "GitLab did not tell who may pull the images of `web/site`: GET https://gitlab.example.com/api/v4/projects/web%2Fsite: 404 {message: 404 Project Not Found}\nThere is no such project or group, or the access token's user can't see it. Check `project`, `group` and `gitlab:baseUrl`.",
    );
    await expect(asked).rejects.toBeInstanceOf(pulumi.RunError);
  });
});
