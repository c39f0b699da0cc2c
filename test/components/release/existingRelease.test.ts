import * as pulumi from "@pulumi/pulumi";

import {
  findExistingRelease,
  type ReleaseOrigin,
} from "../../../components/release/existingRelease";
import { FakeEngine, type StackState } from "../../support/engine";
import { leavePipeline } from "../../support/pipeline";

const repository = "gitlab.example.com:5050/web/gatsby-site";
const [a, b] = ["a", "b"].map((digit) => `sha256:${digit.repeat(64)}`);
const origin: ReleaseOrigin = {
  stack: "prod",
  tier: "production",
  skipStaging: false,
  repository,
  promoteFrom: "staging",
};
const outputs = {
  image: `${repository}@${a}`,
  digest: a,
  commit: "aaa",
  version: "v1.0.0",
  tags: ["main", "env-staging", "previous-staging"],
  tier: "staging",
};

let warn: jest.SpiedFunction<typeof pulumi.log.warn>;

/** An engine on which these stacks of this project are. */
async function install(stacks: Record<string, StackState>) {
  const named = Object.entries(stacks).map(([name, state]): [string, StackState] => [
    `organization/gatsby-site/${name}`,
    state,
  ]);
  await FakeEngine.install({ stack: "prod", stacks: Object.fromEntries(named) });
}

beforeEach(() => {
  leavePipeline();
  warn = jest.spyOn(pulumi.log, "warn").mockResolvedValue();
});
afterEach(() => jest.restoreAllMocks());

describe("findGivenRelease", () => {
  it("is nothing for a stack that builds its own", async () => {
    await install({});
    expect(
      await findExistingRelease({ ...origin, promoteFrom: undefined }, undefined),
    ).toBeUndefined();
  });

  it("takes what the other stack runs, without the tags of its environment", async () => {
    await install({ staging: { outputs } });

    expect(await findExistingRelease(origin, undefined)).toEqual({
      digest: a,
      commit: "aaa",
      version: "v1.0.0",
      tags: ["main"],
      from: "staging",
      tagged: undefined,
    });
    expect(warn).not.toHaveBeenCalled();
  });

  it("stops if the other stack runs another release than the one that was agreed to", async () => {
    await install({ staging: { outputs } });
    process.env.SLIPWAY_AGREED_DIGEST = b;
    try {
      await expect(findExistingRelease(origin, undefined)).rejects.toThrow(
        `\`staging\` runs ${a} by now, but ${b} was agreed to`,
      );
      process.env.SLIPWAY_AGREED_DIGEST = a;
      expect(await findExistingRelease(origin, undefined)).toMatchObject({ digest: a });
    } finally {
      delete process.env.SLIPWAY_AGREED_DIGEST;
    }
  });

  it("takes from a stack that is named in full", async () => {
    await FakeEngine.install({ stacks: { "organization/other/staging": { outputs } } });

    const promoteFrom = "organization/other/staging";
    expect(await findExistingRelease({ ...origin, promoteFrom }, undefined)).toMatchObject({
      digest: a,
      tags: ["main"],
      from: promoteFrom,
    });
  });

  it.each<[string, Record<string, StackState>, string]>([
    [
      "a stack that does not exist",
      {},
      "  - There is no stack `staging`. Use another stack, or create and deploy that one first.\n      pulumi stack ls",
    ],
    [
      "a stack on which nothing is deployed",
      { staging: { outputs: {} } },
      "  - Nothing is deployed on `staging`: it has no successful release. Deploy it first.\n      pulumi up --stack staging",
    ],
    [
      "a stack that is no staging one",
      { staging: { outputs: { ...outputs, tier: "development" } } },
      '  - `prod` is of `tier` "production" and takes only what a staging stack runs, but `staging` is of `tier` "development". Promote to a staging stack first, or let this one skip it.\n      pulumi config set skipStaging true --stack prod',
    ],
    [
      "a stack of another repository",
      { staging: { outputs: { ...outputs, image: `registry/other@${a}` } } },
      `  - \`staging\` runs an image of \`registry/other\`, but \`prod\` pulls from \`${repository}\`. Give both the same \`registry\`, \`project\` and \`imageName\`.\n      pulumi config --stack prod`,
    ],
  ])("refuses %s in one message without a stack trace", async (_, stacks, text) => {
    await install(stacks);
    const refused = findExistingRelease(origin, undefined);

    await expect(refused).rejects.toThrow(pulumi.RunError);
    await expect(refused).rejects.toHaveProperty(
      "message",
      `\`prod\` can't take its release from \`staging\`:\n${text}`,
    );
  });

  it("says that the source's last update failed, and takes what was proven", async () => {
    const deployment = {
      type: "kubernetes:apps/v1:Deployment",
      outputs: { spec: { template: { spec: { containers: [{ image: `${repository}@${b}` }] } } } },
    };
    await install({ staging: { outputs, resources: { "urn:1": deployment } } });

    expect(await findExistingRelease(origin, undefined)).toMatchObject({ digest: a });
    expect(warn.mock.calls).toEqual([
      [`The last update of \`staging\` failed. Its last successful release is promoted: ${a}.`],
    ]);
  });

  it("keeps the version that a pipeline gave the same release before", async () => {
    await install({ staging: { outputs: { ...outputs, version: "", commit: "later" } } });
    const last = {
      ...{ digest: a, commit: "aaa", version: "v1.0.0", repository, tags: [] },
      ...{ tier: "production", previous: undefined },
    };

    expect(await findExistingRelease(origin, last)).toMatchObject({
      commit: "aaa",
      version: "v1.0.0",
    });
    expect(await findExistingRelease(origin, { ...last, digest: b })).toMatchObject({
      commit: "later",
      version: "",
    });
  });

  it("releases the version that its pipeline runs for", async () => {
    process.env.CI_COMMIT_SHA = "1ecfd275763eff1d6b4844ea3168962458c9f27a";
    process.env.CI_COMMIT_TAG = "v1.2.3";
    await install({ staging: { outputs } });

    expect(await findExistingRelease(origin, undefined)).toMatchObject({
      digest: a,
      commit: "1ecfd275763eff1d6b4844ea3168962458c9f27a",
      version: "v1.2.3",
      tagged: { tag: "1ecfd275" },
    });
  });

  it("lets a pin win, and warns of it with the way on", async () => {
    await install({ staging: { outputs } });
    const pinned = { ...origin, digest: b };

    expect(await findExistingRelease(pinned, undefined)).toEqual({
      digest: b,
      commit: "",
      version: "",
      tags: [],
      from: undefined,
      tagged: undefined,
    });
    expect(warn.mock.calls).toEqual([
      [
        `\`prod\` is pinned to ${b} by \`digest\`, so nothing newer is deployed. Once it shall take newer releases again:\n    npx slipway promote staging prod`,
      ],
    ]);
  });

  it("says how a stack that builds gets rid of its pin", async () => {
    await install({});
    await findExistingRelease({ ...origin, promoteFrom: undefined, digest: b }, undefined);

    expect(warn.mock.calls[0][0]).toContain("\n    pulumi config rm digest --stack prod");
  });

  it("knows the commit of a pin that the stack ran before", async () => {
    await install({});
    const last = {
      ...{ digest: a, commit: "aaa", version: "", repository, tags: [], tier: "production" },
      previous: { digest: b, commit: "bbb", version: "v0.9.0" },
    };

    expect(await findExistingRelease({ ...origin, digest: b }, last)).toMatchObject({
      commit: "bbb",
      version: "v0.9.0",
    });
  });
});
