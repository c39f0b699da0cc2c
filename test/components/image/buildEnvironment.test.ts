import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";

import { findUnusedValues, resolveBuildValues } from "../../../components/image/buildEnvironment";
import { FakeEngine, promiseOf } from "../../support/engine";

const folder = fs.mkdtempSync(path.join(os.tmpdir(), "slipway-dockerfile-"));
const dockerfile = path.join(folder, "Dockerfile");

beforeAll(() => FakeEngine.install());
afterAll(() => fs.rmSync(folder, { recursive: true }));

const write = (...lines: string[]): void => fs.writeFileSync(dockerfile, `${lines.join("\n")}\n`);
const ours = [
  "ARG NODE_IMAGE=node",
  "FROM ${NODE_IMAGE}",
  "ARG BUILD_ENV",
  "RUN --mount=type=secret,id=ca --mount=type=secret,id=env build",
];

describe("resolveBuildValues", () => {
  it("gives Slipway's Dockerfile what it does not name as assignments, in one order", () => {
    write(...ours);
    const buildArgs = {
      NODE_OPTIONS: "--max-old-space-size=4096",
      GATSBY_NOTE: "it's",
      NODE_IMAGE: "x",
    };

    expect(resolveBuildValues(dockerfile, { buildArgs, buildSecrets: {} })).toEqual({
      buildArgs: {
        NODE_IMAGE: "x",
        BUILD_ENV: "GATSBY_NOTE='it'\\''s'\nNODE_OPTIONS='--max-old-space-size=4096'\n",
      },
      buildSecrets: {},
    });
  });

  it("gives it all secrets as assignments, beside each by its id", async () => {
    write(...ours);
    const { buildSecrets } = resolveBuildValues(dockerfile, {
      buildArgs: {},
      buildSecrets: { NPM_TOKEN: "a'b $c", "no.variable": "x" },
    });

    expect(Object.keys(buildSecrets)).toEqual(["NPM_TOKEN", "no.variable", "env"]);
    expect(await promiseOf(buildSecrets.env as never)).toBe("NPM_TOKEN='a'\\''b $c'\n");
  });

  it("leaves values to a Dockerfile that names them", () => {
    write(
      "FROM node",
      "ARG A \\",
      "  B=1",
      "RUN --mount=type=secret,id=NPM_TOKEN,env=NPM_TOKEN build",
    );
    const values = { buildArgs: { A: "1", B: "2" }, buildSecrets: { NPM_TOKEN: "x" } };

    expect(resolveBuildValues(dockerfile, values)).toEqual(values);
    expect(findUnusedValues(dockerfile, values)).toEqual([]);
  });
});

describe("findUnusedValues", () => {
  it("says which values a Dockerfile does not name, and how to name them", () => {
    write("FROM node", "RUN --mount=type=secret,target=/run/secrets/OTHER build");

    expect(
      findUnusedValues(dockerfile, {
        buildArgs: { GATSBY_API_URL: "x", OUTPUT_DIRECTORY: "dist", HTTP_PROXY: "y" },
        buildSecrets: { NPM_TOKEN: "x", OTHER: "y" },
      }),
    ).toEqual([
      `\`buildArgs\` has \`GATSBY_API_URL\`, which \`${dockerfile}\` does not name, so that it would change nothing. Add \`ARG GATSBY_API_URL\` to the stage that needs it, or remove the key.`,
      `\`outputDirectory\` is the build argument \`OUTPUT_DIRECTORY\`, which \`${dockerfile}\` does not name, so that it would change nothing. Add \`ARG OUTPUT_DIRECTORY\` to the stage that needs it, or remove the key.`,
      `\`buildSecrets\` has \`NPM_TOKEN\`, which no step of \`${dockerfile}\` mounts. Add \`--mount=type=secret,id=NPM_TOKEN\` to the \`RUN\` that needs it, or remove the key.`,
    ]);
  });

  it("does not take a comment for a name", () => {
    write(
      "FROM node",
      "# ARG A",
      "# RUN --mount=type=secret,id=B build",
      "RUN \\",
      "  # ARG C",
      "  x",
    );
    const unused = findUnusedValues(dockerfile, {
      buildArgs: { A: "x", C: "x" },
      buildSecrets: { B: "x" },
    });
    expect(unused).toHaveLength(3);
  });

  it("says that Slipway's Dockerfile can't make a variable of a secret's name", () => {
    write(...ours);
    const buildSecrets = { NPM_TOKEN: "x", "npm.token": "x" };
    expect(findUnusedValues(dockerfile, { buildArgs: {}, buildSecrets })).toEqual([
      `\`buildSecrets\` has \`npm.token\`, which \`${dockerfile}\` does not name, and which can't be the name of a variable. Use letters, digits and \`_\`, such as \`npm_token\`.`,
    ]);
  });

  it("trusts a Dockerfile whose secret's id is computed", () => {
    write("FROM node", "RUN --mount=type=secret,id=$NAME build");
    expect(findUnusedValues(dockerfile, { buildArgs: {}, buildSecrets: { A: "x" } })).toEqual([]);
  });
});
