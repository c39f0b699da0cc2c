import * as fs from "node:fs";

import * as trackedModes from "../../../components/image/filePermissions";
import { SiteImage } from "../../../components/image/siteImage";
import { promiseOf } from "../../support/engine";
import { GitRepository } from "../../support/gitRepository";
import {
  createImage,
  directory,
  imageType,
  inImageProgram,
  login,
  repository,
} from "../../support/siteImage";

jest.mock("../../../components/image/filePermissions", () => {
  const actual = jest.requireActual<typeof trackedModes>(
    "../../../components/image/filePermissions",
  );
  return { normalizeFilePermissions: jest.fn(actual.normalizeFilePermissions) };
});

const program = inImageProgram();

describe("SiteImage of a repository", () => {
  let repositoryOfSite: GitRepository;
  let id: string;

  beforeEach(() => {
    repositoryOfSite = new GitRepository();
    repositoryOfSite.write("site/Dockerfile", "FROM scratch\n");
    id = repositoryOfSite.commit();
    repositoryOfSite.git("tag", "v1.2.3");
    process.chdir(repositoryOfSite.folder);
  });

  afterEach(() => {
    process.chdir(program.folder);
    repositoryOfSite.remove();
  });

  it("says what it was built from", async () => {
    const image = await createImage(program);

    expect(image.revision).toEqual({
      commit: id,
      dirty: false,
      branch: "main",
      version: "v1.2.3",
    });
    expect(await promiseOf(image.commit)).toBe(id);
    expect(await promiseOf(image.version)).toBe("v1.2.3");
  });

  it("marks a commit that is not all that is in the image", async () => {
    fs.writeFileSync("site/new.js", "");
    expect(await promiseOf((await createImage(program)).commit)).toBe(`${id}-dirty`);
  });

  it("refuses what differs from its commit where only commits are released", async () => {
    fs.writeFileSync("site/new.js", "");

    expect(
      () => new SiteImage("refused", { repository, directory, allowDirty: false, ...login }),
    ).toThrow(
      `The image can't be built:\n  - Files below \`site\` differ from commit ${id}, and a production stack releases only what is committed. Commit them, or allow it:\n    pulumi config set allowDirty true`,
    );
    fs.rmSync("site/new.js");
    expect(await promiseOf((await createImage(program, { allowDirty: false })).commit)).toBe(id);
  });

  it("has the same tag whatever the checkout's permissions were", async () => {
    const [before] = await promiseOf((await createImage(program)).tags);
    fs.chmodSync("site/Dockerfile", 0o666);
    const [after] = await promiseOf((await createImage(program, {}, "again")).tags);

    expect(after).toBe(before);
    expect(fs.statSync("site/Dockerfile").mode & 0o777).toBe(0o644);
  });

  it.each([
    [["src/page.md"], ""],
    [["src/page.md", "src", "run.sh"], " and of 2 more"],
  ])("warns of permissions that it can't set: %j", async (failed, others) => {
    jest.mocked(trackedModes.normalizeFilePermissions).mockReturnValueOnce(failed);
    const warn = jest.spyOn(console, "warn").mockReturnValue();
    await createImage(program);

    expect(warn).toHaveBeenCalledWith(
      `warning: [runtime] The permissions of \`site/src/page.md\`${others} differ from those in git and can't be set. Another machine will build the image again. Change the owner of the files to your user.`,
    );
  });

  it("takes a folder beside the program's for one of the repository", async () => {
    fs.mkdirSync("infrastructure");
    process.chdir("infrastructure");
    await createImage(program, { directory: "../site" });

    expect(program.engine.find("image", imageType).inputs.context).toEqual({ location: "../site" });
  });
});
