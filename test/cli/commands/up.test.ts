import { existsSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";

import type { ProcessResult } from "../../../cli/process/run";
import { up } from "../../../cli/commands/up";
import { tokenOf } from "../../sandbox/gitlab/support/world";
import { ended, FakeIo } from "../../support/cli";
import { inGitLabProject } from "../support/gitlabProject";

const { cwd, world } = inGitLabProject();

afterEach(() => world.control.reset());

/** An engine that writes its event log to the given file. */
class LoggingIo extends FakeIo {
  public events: object[] = [];

  public override stream(program: string, args: readonly string[]): Promise<ProcessResult> {
    const option = args.indexOf("--event-log");
    if (option > 0) {
      const lines = this.events.map((event) => JSON.stringify(event));
      writeFileSync(args[option + 1], [...lines, '{"cut'].join("\n"));
    }
    return super.stream(
      program,
      args.map((arg, index) => (option > 0 && index === option + 1 ? "<file>" : arg)),
      cwd,
    );
  }
}

function prepare(deployment: object = {}, config: object = {}): LoggingIo {
  const io = new LoggingIo({
    dev: {
      config: {
        project: "web/gatsby-site",
        "gitlab:baseUrl": `${world.address}/api/v4/`,
        ...config,
      },
      deployment,
    },
  });
  io.env = { GITLAB_TOKEN: tokenOf("maintainer") };
  return io;
}

const run = (io: FakeIo, options: { yes?: boolean; pulumiOptions?: string[] } = {}) =>
  up({ cwd, yes: true, ...options }, io);

describe("slipway up", () => {
  it("updates the selected stack, with the options that it is given", async () => {
    const io = prepare();
    await run(io, { pulumiOptions: ["--skip-preview"] });

    expect(io.streamed).toEqual(["pulumi up --stack dev --yes --skip-preview --event-log <file>"]);
  });

  it("runs the program once where the changes were agreed to beforehand", async () => {
    const io = prepare();
    await run(io);
    expect(io.streamed).toEqual(["pulumi up --stack dev --yes --skip-preview --event-log <file>"]);
  });

  it.each([[["--policy-pack", "policy"]], [["--policy-pack=policy"]]])(
    "previews first with %j, so that a violation changes nothing",
    async (pulumiOptions) => {
      const io = prepare();
      await run(io, { pulumiOptions });
      expect(io.streamed).toEqual([
        `pulumi up --stack dev --yes ${pulumiOptions.join(" ")} --event-log <file>`,
      ]);
    },
  );

  it("calls Pulumi once for each thing that it needs", async () => {
    const io = prepare();
    await run(io);
    await run(io);
    expect(io.captured).toEqual([
      "pulumi stack --show-name",
      "pulumi config --json --stack dev",
      "pulumi stack export --stack dev",
      "pulumi stack tag ls --json --stack dev",
      "pulumi stack tag set slipway:deployTokens 0 --stack dev",
      // Nothing was created, so what was read before the update is all that there is.
      "pulumi stack --show-name",
      "pulumi config --json --stack dev",
      "pulumi stack export --stack dev",
      "pulumi stack tag ls --json --stack dev",
    ]);
  });

  it("creates a stack that has a file only", async () => {
    const io = prepare();
    io.initial = io.stacks.dev;
    delete io.stacks.dev;
    writeFileSync(join(cwd, "Pulumi.dev.yaml"), "config: {}\n");
    await run(io);
    rmSync(join(cwd, "Pulumi.dev.yaml"));

    expect(io.streamed).toEqual([
      "pulumi stack init dev",
      "pulumi up --stack dev --yes --skip-preview --event-log <file>",
    ]);
    expect(io.tags).toEqual({ dev: { "slipway:deployTokens": "0" } });
  });

  it("says that a stack without a file does not exist", async () => {
    const io = prepare();
    await expect(up({ cwd, stack: "pord", yes: true }, io)).rejects.toThrow(
      "There is no stack `pord`. The project has `dev`. To create it:\n    pulumi stack init pord --no-select",
    );
    expect(io.streamed).toEqual([]);
  });

  it("lets Pulumi ask without `--yes`", async () => {
    const io = prepare();
    await run(io, { yes: false });

    expect(io.streamed).toEqual(["pulumi up --stack dev --event-log <file>"]);
  });

  it("succeeds when GitLab is away afterwards, and says what is left to do", async () => {
    await world.control.addFault({ status: 500 });
    const io = prepare();
    await run(io);

    expect(io.printed.join()).toMatch(
      /^The update succeeded, but GitLab could not be asked whether a killed update has left deploy tokens:\nRequest failed with status code 500.*\nTo look later: slipway tokens dev$/s,
    );
  });

  it("asks GitLab nothing where all credentials exist already", async () => {
    await world.control.addFault({ status: 500 });
    const existing = { username: "x", passwordFrom: "X" };
    const io = prepare({}, { credentials: JSON.stringify({ push: existing, pull: existing }) });
    await run(io);

    expect(io.printed).toEqual([]);
  });

  it("knows that they exist where their password is a secret", async () => {
    await world.control.addFault({ status: 500 });
    const existing = { username: "x", password: "hunter2" };
    // What Pulumi shows of a key with a secret in it.
    const io = prepare({}, { credentials: "" });
    io.secrets = {
      "gatsby-site:credentials": JSON.stringify({ push: existing, pull: existing }),
    };
    await run(io);
    expect(io.printed).toEqual([]);

    io.secrets = { "gatsby-site:credentials": JSON.stringify({ pull: existing }) };
    await run(io);
    expect(io.printed.join()).toContain("Request failed with status code 500");
    expect(io.printed.join()).not.toContain("hunter2");
  });

  it("reads a state of which a kill cut something off", async () => {
    const root = join(cwd, "state");
    const attributes = join(root, ".pulumi", "stacks", "dev.json.attrs");
    mkdirSync(dirname(attributes), { recursive: true });
    writeFileSync(attributes, "");
    const io = prepare();
    io.backend = `file://${root}`;
    io.isReadable = () => !existsSync(attributes);
    await run(io);

    expect(io.streamed).toHaveLength(1);
    expect(existsSync(attributes)).toBe(false);
  });

  it("does not try again if it can't repair the state", async () => {
    const io = prepare();
    io.backend = "s3://state";
    io.isReadable = () => false;

    await expect(run(io)).rejects.toThrow(/failed to load checkpoint: EOF/);
  });

  it("shows the end of a build that failed, without colours and credentials", async () => {
    const io = prepare();
    io.updates = [ended(255)];
    const urn =
      "urn:pulumi:dev::gatsby-site::slipway:index:SiteImage$docker-build:index:Image::site";
    const shown = (message: string, of = urn) => ({
      diagnosticEvent: { urn: of, message, severity: "info", ephemeral: true },
    });
    io.events = [
      ...Array.from({ length: 20 }, (_, line) => shown(`#14 ${line} success\n`)),
      shown("\n"),
      shown("#14 27.27 error in <{%fg 1%}>about.tsx<{%reset%}> of glpat-abcdefghijklmnopqrst\n"),
      shown("applying\n", "urn:pulumi:dev::gatsby-site::kubernetes:apps/v1:Deployment::site"),
      { diagnosticEvent: { urn, message: "failed to solve", severity: "error" } },
    ];

    const message = await run(io).catch((error: unknown) => (error as Error).message);
    expect(message).toBe(
      [
        "The update of `dev` failed; the reason is above.",
        "The end of the build's log:",
        ...Array.from({ length: 19 }, (_, line) => `  #14 ${line + 1} success`),
        "  #14 27.27 error in about.tsx of [secret]",
        "Nothing was deployed: the site runs as before. Outputs that Pulumi shows with a minus above are still the stack's.",
      ].join("\n"),
    );
  });

  it("says first in which line of which page the syntax error is", async () => {
    mkdirSync(join(cwd, "site", "src"), { recursive: true });
    writeFileSync(
      join(cwd, "site", "src", "about.js"),
      "// A page.\nexport default () => <p>Hi</b>;\n",
    );
    const io = prepare();
    io.updates = [ended(255)];
    const urn =
      "urn:pulumi:dev::gatsby-site::slipway:index:SiteImage$docker-build:index:Image::site";
    const message =
      '#9 8.1 error There was a problem parsing "/site/src/about.js"; any GraphQL\n#9 8.1 fragments\n';
    io.events = [
      { diagnosticEvent: { urn, message, severity: "info", ephemeral: true } },
      { diagnosticEvent: { urn, message: "failed to solve", severity: "error" } },
    ];
    await expect(run(io)).rejects.toThrow(
      [
        "The update of `dev` failed; the reason is above.",
        "src/about.js: Gatsby can't parse this file, so it has a syntax error. An editor shows its line.",
        "The end of the build's log:",
      ].join("\n"),
    );
  });

  it("says what to do about a build that failed", async () => {
    const io = prepare();
    io.updates = [ended(255)];
    const urn =
      "urn:pulumi:dev::gatsby-site::slipway:index:SiteImage$docker-build:index:Image::site";
    const message = "#9 1.2 npm error code E401\n";
    io.events = [
      { diagnosticEvent: { urn, message, severity: "info", ephemeral: true } },
      { diagnosticEvent: { urn, message: "failed to solve", severity: "error" } },
    ];
    await expect(run(io)).rejects.toThrow(
      [
        "The end of the build's log:",
        "  #9 1.2 npm error code E401",
        "A registry refused the packages. Set the token that `.npmrc` names: `pulumi config set --secret --path buildSecrets.NPM_TOKEN`.",
        "Nothing was deployed: the site runs as before. Outputs that Pulumi shows with a minus above are still the stack's.",
      ].join("\n"),
    );
  });

  it("says what to do about GitLab's errors, once each, when an update fails", async () => {
    const io = prepare();
    const message =
      "error: POST https://gitlab.example.com/api/v4/projects/1/deploy_tokens: 403 {}";
    const diagnosticEvent = { severity: "error", message };
    io.events = [
      { diagnosticEvent },
      { diagnosticEvent },
      { diagnosticEvent: { severity: "warning", message: message.replace("403", "404") } },
      { diagnosticEvent: { severity: "error", message: "error: 404 in /index.html" } },
      {
        diagnosticEvent: {
          severity: "error",
          message:
            "error: failed to fetch oauth token: unauthorized: HTTP Basic: Access denied. If",
        },
      },
      { summaryEvent: {} },
    ];
    io.updates = [ended(255)];

    await expect(run(io)).rejects.toThrow(
      /^The update of `dev` failed; the reason is above\.\nThe access token may not do that\. [^\n]+\nGitLab's registry does not accept the stack's credentials[^\n]+$/,
    );
  });
});
