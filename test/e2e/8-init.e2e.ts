import { git } from "./support/checkout";
import { registry } from "./support/gitlab";
import { installPackage } from "./support/package";
import { SiteRepository } from "./support/siteRepository";

const minuteMs = 60_000;

describe("a site that nobody prepared", () => {
  let repository: SiteRepository;

  beforeAll(async () => {
    installPackage();
    repository = new SiteRepository("handbook");
    repository.addSample();
    repository.commit();
    await repository.createProject();
  }, 10 * minuteMs);

  afterAll(() => repository.destroy("dev"), 5 * minuteMs);

  it(
    "is served after `slipway init --yes` and `slipway up --yes`",
    async () => {
      const { dependencies } = repository;
      const written = await repository.run(`slipway init --yes ${dependencies}`);
      expect(written).toContain(`  registry    ${registry}\n`);
      expect(written).not.toContain("fill in");

      await repository.run("slipway up --yes");
      const url = (await repository.run("cd deploy; pulumi stack output url --stack dev")).trim();
      const home = await fetch(url);
      expect(home.status).toBe(200);
      expect(await home.text()).toContain('id="___gatsby"');
    },
    30 * minuteMs,
  );

  it(
    "changes nothing when both are run again, nor when a stack's key is set",
    async () => {
      const status = git(repository.folder, "status", "--porcelain");
      expect(await repository.run("slipway init --yes")).toContain(
        "Everything is there already: nothing to write.",
      );
      expect(git(repository.folder, "status", "--porcelain")).toBe(status);

      await repository.run("cd deploy; pulumi config set tags none --stack dev");
      const preview = await repository.run("cd deploy; pulumi preview --stack dev --diff");
      expect(preview).not.toContain("docker-build:index:Image");
    },
    5 * minuteMs,
  );
});
