import { checkStack, digest, env, findProblems, problem, stackName } from "../support/stackConfig";

describe("values that do not fit together", () => {
  it.each([
    [{}, "gitlab.example.com:5050"],
    [{ CI_REGISTRY: "registry.gitlab.com" }, "gitlab.example.com:5050"],
    [{ CI_REGISTRY: "registry.example.com" }, "registry.example.com"],
  ])("refuses GitLab.com's registry for another GitLab, in a job with %j", (job, own) => {
    const values = { "gitlab:baseUrl": "https://GitLab.example.com:8443/api/v4/" };
    const text =
      '`registry` is "registry.gitlab.com", but GitLab is "gitlab.example.com". Use the registry of that GitLab: the project shows it under Deploy > Container registry, often as "gitlab.example.com:5050" or "registry.gitlab.example.com".';
    const expected = problem(text, `pulumi config set registry ${own}`);

    expect(findProblems(values, [], { ...env, ...job })).toEqual(expected);
    const base = { GITLAB_BASE_URL: values["gitlab:baseUrl"] };
    expect(findProblems({}, [], { ...env, ...base, ...job })).toEqual(expected);
    expect(findProblems({ ...values, registry: own }, [], { ...env, ...job })).toEqual([]);
  });

  it("accepts GitLab.com's registry for GitLab.com", () => {
    expect(findProblems({ "gitlab:baseUrl": "https://gitlab.com/api/v4/" })).toEqual([]);
  });

  it("names the user's own GitLab in examples", () => {
    const values = { "gitlab:baseUrl": "https://git.corp.test/api/v4/", registry: "https://x" };
    expect(findProblems(values)).toEqual(
      problem(
        '`registry` is "https://x". Images name a registry without "https://".',
        "pulumi config set registry git.corp.test:5050",
      ),
    );
  });

  it.each([
    ["tlsSecret", "nginx"],
    ["ingressClass", "nginx"],
    ["ingressAnnotations", '{"a.example.com/b":"c"}'],
  ])("refuses `%s` without a host", (key, value) => {
    expect(findProblems({ [key]: value })).toEqual(
      problem(
        `\`${key}\` has no effect without \`host\`: without it there is no Ingress.`,
        "pulumi config set host www.example.com",
      ),
    );
  });

  it("refuses `publicConfig` for an image's own web server", () => {
    const values = { webServer: "image", containerPort: "80" };
    expect(findProblems({ ...values, publicConfig: '{"notice":"a"}' })).toEqual(
      problem(
        '`publicConfig` has no effect with `webServer` "image": the image\'s own web server does not serve `/config.json`. Remove it, or use the Dockerfile that `npx slipway init --dockerfile slipway` writes, with `webServer` "slipway".',
        "pulumi config rm publicConfig",
      ),
    );
    expect(findProblems({ ...values, publicConfig: "{}" })).toEqual([]);
  });

  it("refuses `keepReleases` where nothing would serve the files, or keep the release", () => {
    const values = { webServer: "image", containerPort: "80", tags: "commit" };
    const command = "pulumi config rm keepReleases";
    expect(findProblems({ ...values, keepReleases: "1" })).toEqual([
      ...problem(
        '`keepReleases` has no effect with `webServer` "image": the image\'s own web server serves nothing but its own files. Remove it, or use the Dockerfile that `npx slipway init --dockerfile slipway` writes, with `webServer` "slipway".',
        command,
      ),
      ...problem(
        "`keepReleases` needs `environment` among `tags`: without the tags `previous-<stack>` and `kept-<number>-<stack>` a cleanup deletes releases that the pods need to start.",
        command,
      ),
    ]);
    expect(findProblems({ ...values, keepReleases: "0" })).toEqual([]);
    expect(findProblems({ keepReleases: "1" })).toEqual([]);
  });

  it("refuses a group whose tokens would not open the project's registry", () => {
    expect(findProblems({ project: "web/sites/one", group: "we" })).toEqual(
      problem(
        '`group` is "we", which does not contain `project`. Its deploy tokens would have no access to the project\'s registry.',
        "pulumi config set group web/sites",
      ),
    );
    expect(findProblems({ project: "web/sites/one", group: "web" })).toEqual([]);
    expect(findProblems({ project: "web/sites/one", group: "42" })).toEqual([]);
  });

  it.each([
    ["latest", "none"],
    ["latest,commit", "commit"],
  ])("refuses the tags %s in production", (tags, others) => {
    const production = { tier: "production", release: "promote", promoteFrom: "staging" };
    expect(findProblems({ ...production, tags })).toEqual(
      problem(
        '`tags` has "latest", which a stack of `tier` "production" never moves.',
        `pulumi config set tags ${others}`,
      ),
    );
    expect(findProblems({ tier: "staging", tags })).toEqual([]);
  });

  it("refuses to promote from nowhere", () => {
    expect(findProblems({ release: "promote" })).toEqual(
      problem(
        '`promoteFrom` is missing. With `release` "promote" it is the stack that runs the release.',
        "pulumi config set promoteFrom staging",
      ),
    );
  });

  it("refuses a stack to promote from beside a build", () => {
    expect(findProblems({ promoteFrom: "staging" })).toEqual(
      problem(
        '`promoteFrom` has no effect with `release` "build": this stack builds its own release.',
        "pulumi config set release promote",
      ),
    );
  });

  it.each(["dev", stackName])("refuses to promote from the stack itself, %s", (promoteFrom) => {
    expect(findProblems({ release: "promote", promoteFrom })).toEqual(
      problem(
        `\`promoteFrom\` is "${promoteFrom}", this stack itself. Use the stack that runs a release before this one.`,
        "pulumi config set promoteFrom staging",
      ),
    );
  });

  it("accepts a stack of another project that has the same name", () => {
    expect(findProblems({ release: "promote", promoteFrom: "organization/other/dev" })).toEqual([]);
  });

  it("refuses a production that builds, unless it may skip staging or is pinned", () => {
    expect(findProblems({ tier: "production" })).toEqual(
      problem(
        '`release` is "build", but a stack of `tier` "production" runs only releases that a staging stack runs. Promote from there, or skip staging: `pulumi config set skipStaging true`.',
        "pulumi config set release promote",
      ),
    );
    expect(findProblems({ tier: "production", skipStaging: "true" })).toEqual([]);
    expect(findProblems({ tier: "production", digest })).toEqual([]);
  });

  it("refuses to let a stack skip staging that never waits for it", () => {
    expect(findProblems({ tier: "staging", skipStaging: "true" })).toEqual(
      problem(
        '`skipStaging` has no effect with `tier` "staging": only production requires staging.',
        "pulumi config rm skipStaging",
      ),
    );
  });

  it("refuses by name all that the Docker engine can't do", () => {
    const demands = {
      builder: "engine",
      buildSecrets: '{"NPM_TOKEN":"s3cret"}',
      platforms: "linux/arm64,linux/amd64",
      tags: "branch",
    };
    expect(findProblems(demands, ["gatsby-site:buildSecrets"])).toEqual([
      ...problem(
        '`buildSecrets` does not work with `builder` "engine", which can\'t hand "NPM_TOKEN" to a build.',
        "pulumi config rm buildSecrets",
      ),
      ...problem(
        '`cache` does not work with `builder` "engine", which keeps no layers in the registry.',
        "pulumi config set cache false",
      ),
      ...problem(
        '`platforms` does not work with `builder` "engine", which builds for one platform, not for "linux/arm64" and "linux/amd64".',
        "pulumi config set platforms linux/arm64",
      ),
      ...problem(
        '`tags` does not work with `builder` "engine", which pushes no index that tags for "branch" could be made over.',
        "pulumi config set tags none",
      ),
    ]);
    const able = { builder: "engine", cache: "false", tags: "none", platforms: "linux/arm64" };
    expect(findProblems(able)).toEqual([]);
  });

  it("refuses a warning that comes before a token is due", () => {
    expect(findProblems({ rotateEveryDays: "10" })).toEqual(
      problem(
        "`warnDays` is 14, more than `rotateEveryDays` (10): it would warn about tokens that are not due yet.",
        "pulumi config set warnDays 2",
      ),
    );
  });

  describe("the names of Kubernetes objects", () => {
    const check = (project: string, stack: string, values: Record<string, string> = {}) =>
      checkStack({
        project,
        name: `organization/${project}/${stack}`,
        values: Object.fromEntries(
          Object.entries({ project: "web/site", ...values }).map(([key, value]) => [
            `${project}:${key}`,
            value,
          ]),
        ),
      });
    const stack = "x".repeat(52);

    it("accepts a name of 63 characters", () => {
      expect(check("gatsby-site", stack.slice(1))).toEqual([]);
    });

    it.each<[Record<string, string>, string]>([
      [{}, "namespace"],
      [{ namespace: "web" }, "Deployment and Service"],
    ])("refuses a longer one with %j", (values, kind) => {
      expect(check("gatsby-site", stack, values)).toEqual(
        problem(
          `The stack's name is too long: its ${kind} would be named "gatsby-site-${stack}", which has 64 characters. Kubernetes allows 63.`,
          "pulumi stack rename <name>",
        ),
      );
    });

    it("refuses one that begins with a digit in a namespace that others use", () => {
      expect(check("1site", "dev", { namespace: "web" })).toEqual(
        problem(
          '`namespace` is "web", in which the Deployment and Service would be named "1site-gatsby-site-dev". Kubernetes requires a letter at the beginning. Rename the Pulumi project, or use a namespace of the stack\'s own.',
          "pulumi config rm namespace",
        ),
      );
      expect(check("1site", "dev")).toEqual([]);
    });
  });
});
