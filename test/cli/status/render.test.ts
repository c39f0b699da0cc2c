import { stripVTControlCharacters } from "node:util";

import { renderJson, renderText } from "../../../cli/status/render";
import { a, b, empty, overview } from "./support/overviews";

const plain = { color: false, short: false };

describe("renderText", () => {
  it("renders a table, and each stack's details", () => {
    expect(renderText(overview, plain)).toBe(`gatsby-site, 2026-11-28 12:00 UTC

stack             release         digest    age  pods  token    state
dev               cccccccc-dirty  cccccccc  1 h  1/1   52 d     ok
staging           v1.1.0          bbbbbbbb  2 d  1/1   52 d     2 behind dev
prod              v1.1.0          bbbbbbbb  2 d  1/2   expired  other pods
review-1234567..  -               -         -    -     -        unreachable
new               -               -         -    -     -        nothing deployed

dev (development) https://dev.example.com
  state  ok
  digest sha256:cccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccc
  tags   main, env-dev
  commit cccccccc-dirty of 2026-11-20 08:30 UTC by Jane Doe: Say where the ships
         are built & <why>
  since  2026-11-28 11:00 UTC, from a checkout of main with uncommitted changes
  pods   1 of 1 ready, 1 with this digest
  tokens pull 52 d (2027-01-20), push 52 d (2027-01-20)
  image  https://gitlab.example.com/web/site/container_registry/1

staging (staging) https://staging.example.com
  state  2 behind dev
  digest sha256:bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb
  tags   v1.1.0, env-staging; of 2026-11-18 08:10 UTC
  commit bbbbbbbb of 2026-11-18 08:00 UTC by Jane Doe: Add a page about ships
  since  2026-11-26 10:00 UTC, from pipeline 12 (push), by Jane Doe
  pods   1 of 1 ready, 1 with this digest
  tokens pull 52 d (2027-01-20), push 52 d (2027-01-20)
  next   npx slipway promote dev staging
  brings 2 commits:
    cccccccc Say where the ships are built & <why>
    dddddddd Long subject Long subject Long subject Long subject Long subject ..
  image  https://gitlab.example.com/web/site/container_registry/1
  env    https://gitlab.example.com/web/site/-/environments/2
  job    https://gitlab.example.com/web/site/-/jobs/34

prod (production) https://www.example.com
  state  other pods
  digest sha256:bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb
  commit bbbbbbbb of 2026-11-18 08:00 UTC by Jane Doe: Add a page about ships
  since  2026-11-26 10:00 UTC, from pipeline 12 (push), by Jane Doe
  pods   1 of 2 ready, 1 with aaaaaaaa, 1 with this digest, ImagePullBackOff
  tokens pull expired (2026-11-28)
  pinned sha256:aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa
  drift  1 pod runs another digest, aaaaaaaa.
  job    https://gitlab.example.com/web/site/-/jobs/34

review-1234567890-with-a-long-name
  state  unreachable
  error  stack: \`pulumi stack export\` failed: the backend does not answer on
         port 443

new (development)
  state  nothing deployed

No answer from GitLab: Request failed: GET https://gitlab.example.com/api:
refused (prod)`);
  });

  it("renders only what needs attention, if that is enough", () => {
    expect(renderText(overview, { ...plain, short: true })).toBe(`gatsby-site, 2026-11-28 12:00 UTC

stack             release         digest    age  pods  token    state
dev               cccccccc-dirty  cccccccc  1 h  1/1   52 d     ok
staging           v1.1.0          bbbbbbbb  2 d  1/1   52 d     2 behind dev
prod              v1.1.0          bbbbbbbb  2 d  1/2   expired  other pods
review-1234567..  -               -         -    -     -        unreachable
new               -               -         -    -     -        nothing deployed

staging
  next   npx slipway promote dev staging
  brings 2 commits:
    cccccccc Say where the ships are built & <why>
    dddddddd Long subject Long subject Long subject Long subject Long subject ..

prod
  drift  1 pod runs another digest, aaaaaaaa.

review-1234567890-with-a-long-name
  error  stack: \`pulumi stack export\` failed: the backend does not answer on
         port 443

No answer from GitLab: Request failed: GET https://gitlab.example.com/api:
refused (prod)`);
  });

  it("fits 80 columns but for URLs, and says the same without colours", () => {
    const text = renderText(overview, plain);
    const long = text.split("\n").filter((line) => line.length > 80 && !line.includes("https://"));
    expect(long).toEqual([]);
    const colored = renderText(overview, { ...plain, color: true });
    expect(colored).not.toBe(text);
    expect(stripVTControlCharacters(colored)).toBe(text);
  });

  it("removes control characters of other programs", () => {
    const stack = {
      ...empty,
      stack: "dev",
      problems: [{ part: "stack", reason: "\u001B[2Jgone\u0007" }],
    } as const;
    expect(renderText({ ...overview, stacks: [stack] }, plain)).toContain(
      "\n  error  stack: [2Jgone",
    );
  });

  it("says of a stack that a roll-back pinned that it is, beside how far it is behind", () => {
    const [, staging] = overview.stacks;
    const text = renderText({ ...overview, stacks: [{ ...staging, pin: b }] }, plain);
    expect(text).toContain("  state  pinned, 2 behind dev\n");
  });

  it("says that there are no stacks", () => {
    expect(renderText({ ...overview, stacks: [] }, plain)).toBe(
      "gatsby-site, 2026-11-28 12:00 UTC\n\nThe project has no stacks.",
    );
  });
});

describe("renderJson", () => {
  it("has the same members for every stack, null if unknown", () => {
    const { stacks } = JSON.parse(renderJson(overview)) as { stacks: Record<string, unknown>[] };
    const [keys, ...others] = stacks.map((stack) => Object.keys(stack));
    for (const other of others) expect(other).toEqual(keys);
    expect(stacks[2]).toMatchObject({ pin: a, registry: null, pods: { ready: 1, wanted: 2 } });
    expect(stacks[4]).toEqual({
      stack: "new",
      tier: "development",
      promoteFrom: null,
      pin: null,
      url: null,
      release: null,
      deployed: null,
      registry: null,
      pods: null,
      environment: null,
      tokens: [],
      promotion: null,
      drift: [],
      problems: [],
    });
  });
});
