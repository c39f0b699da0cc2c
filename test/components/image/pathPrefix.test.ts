import * as fs from "node:fs";

import { createImage, inImageProgram } from "../../support/siteImage";

const program = inImageProgram();

describe("An image whose pages are below a path", () => {
  const write = (argument: string): void =>
    fs.writeFileSync(
      "site/Dockerfile",
      `${argument}\nFROM scratch AS builder\nARG PATH_PREFIX\nRUN build "$PATH_PREFIX"\n`,
    );

  it.each([
    ["ARG PATH_PREFIX=/other", "/other", "set pathPrefix /other"],
    ["ARG PATH_PREFIX=", "/", "rm pathPrefix"],
  ])("is refused if the cluster is to ask for another: %s", async (argument, served, command) => {
    write(argument);
    await expect(createImage(program, { pathPrefix: "/docs" })).rejects.toThrow(
      `\`pathPrefix\` is "/docs", but \`site/Dockerfile\` serves the pages below "${served}". If that is right: \`pulumi config ${command}\`. If not, write there: \`ARG PATH_PREFIX=/docs\`.`,
    );
  });

  it("goes by the build argument first", async () => {
    write("ARG PATH_PREFIX=/other");
    const pathPrefix = "/docs";
    const args = { pathPrefix, buildArgs: { PATH_PREFIX: "/docs" } };
    await expect(createImage(program, args)).resolves.toBeDefined();
    write("ARG PATH_PREFIX=/docs");
    const other = { pathPrefix, buildArgs: { PATH_PREFIX: "/new" } };
    await expect(createImage(program, other)).rejects.toThrow('serves the pages below "/new"');
  });

  it.each(['ARG PATH_PREFIX="/docs"', "ARG OTHER=/other"])(
    "is built if they agree, or nothing is known: %s",
    async (argument) => {
      write(argument);
      await expect(createImage(program, { pathPrefix: "/docs" })).resolves.toBeDefined();
    },
  );

  it("is built if the cluster asks for no path, as before there was a key", async () => {
    write("ARG PATH_PREFIX=/docs");
    await expect(createImage(program)).resolves.toBeDefined();
  });
});
