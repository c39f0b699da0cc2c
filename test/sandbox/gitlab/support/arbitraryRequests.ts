import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";

import fc from "fast-check";
import { request } from "undici";

import { tokenOf, World } from "./world";

/** What nobody may find again in a log or in an event. */
const secrets = ["glpat-property-s3cret", tokenOf("admin"), tokenOf("maintainer"), "a pass word?/"];

interface Attempt {
  readonly method: string;
  readonly path: string;
  readonly headers: Record<string, string>;
  readonly body: string | undefined;
}

const oddText = fc.oneof(
  fc.string({ maxLength: 40 }),
  fc.string({ unit: "binary", maxLength: 20 }),
  fc.constantFrom(
    "",
    "0",
    "-1",
    "1e9",
    "9".repeat(30),
    "null",
    "true",
    "[]",
    "../..",
    "a/b",
    "%00",
  ),
  fc.constantFrom("web/gatsby-site", "open/public", "web", "admin", "read_registry", "2027-01-01"),
  fc.constantFrom("__proto__", "constructor", "toString", "hasOwnProperty"),
  fc.constantFrom(...secrets),
);
const knownNames = fc.constantFrom(
  ...["id", "name", "scopes", "scopes[]", "expires_at", "username", "active", "page", "per_page"],
  ...["user_id", "search", "sort", "order_by", "pagination", "cursor", "state", "revoked", "scope"],
  ...[
    "service",
    "private_token",
    "access_token",
    "job_token",
    "body",
    "ref",
    "sha",
    "status",
    "token",
  ],
);
const names = fc.oneof({ weight: 3, arbitrary: knownNames }, { weight: 1, arbitrary: oddText });

/** As a client encodes it, or, at times, as no client should. */
const segment = fc.oneof(
  { weight: 3, arbitrary: fc.integer({ min: -1, max: 60 }).map(String) },
  { weight: 3, arbitrary: fc.constantFrom("web%2Fgatsby-site", "open%2Fpublic", "web", "self") },
  { weight: 4, arbitrary: oddText.map(encode) },
  {
    weight: 1,
    arbitrary: fc.constantFrom("%", "%zz", "%ff", "%00", "%2F", "..", "", ";", "a%2fb"),
  },
);
const someQuery = fc
  .array(
    fc.tuple(names.map(encode), fc.oneof(oddText.map(encode), fc.constantFrom("%", "%ff", "+"))),
    {
      maxLength: 4,
    },
  )
  .map((pairs) => pairs.map((pair) => pair.join("=")).join("&"));

const query = fc.oneof(fc.constant(""), someQuery);

/** Routes that there are, mostly with their own method, with anything for their parameters, and others. */
function targets(routes: readonly string[]): fc.Arbitrary<{ method: string; path: string }> {
  const anyMethod = fc.constantFrom("GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS");
  const known = fc
    .tuple(fc.constantFrom(...routes), fc.array(segment, { minLength: 4, maxLength: 4 }))
    .map(([route, values]) => {
      const [method, pattern] = route.split(" ");
      const rest = [...values];
      return { method, path: pattern.replace(/:\w+/g, () => rest.pop() ?? "1") };
    });
  const unknown = fc
    .array(segment, { maxLength: 6 })
    .map((parts) => ({ method: "GET", path: `/api/v4/${parts.join("/")}` }));
  const target = fc.oneof({ weight: 6, arbitrary: known }, { weight: 1, arbitrary: unknown });
  return fc
    .tuple(target, query, fc.oneof({ weight: 5, arbitrary: fc.constant(null) }, anyMethod))
    .map(([{ method, path }, text, other]) => ({
      method: other === null ? method : other,
      path: text === "" ? path : `${path}?${text}`,
    }));
}

const credential: fc.Arbitrary<Record<string, string>> = fc
  .tuple(
    fc.constantFrom(...secrets, tokenOf("admin"), tokenOf("admin"), ""),
    fc.constantFrom(
      ...["private-token", "private-token", "private-token", "bearer"],
      ...["basic", "job-token", "deploy-token", "none"],
    ),
  )
  .map(([secret, kind]): Record<string, string> => {
    if (kind === "none") return {};
    if (kind === "bearer") return { authorization: `Bearer ${secret}` };
    const login = Buffer.from(`admin:${secret}`).toString("base64");
    return kind === "basic" ? { authorization: `Basic ${login}` } : { [kind]: secret };
  });

/** What some endpoints take. */
const fitting = fc.record(
  {
    name: fc.string({ maxLength: 10 }),
    scopes: fc.subarray(["read_registry", "write_registry", "api", "self_rotate"]),
    expires_at: fc.constantFrom("2027-03-01", null),
    username: fc.constantFrom("someone", ""),
  },
  { requiredKeys: ["name", "scopes"] },
);
const body = fc.oneof(
  fc.constant(undefined),
  {
    weight: 3,
    arbitrary: fc.dictionary(names, fc.jsonValue()).map((value) => JSON.stringify(value)),
  },
  fc.json(),
  query,
  fc.string({ unit: "binary", maxLength: 60 }),
  fc.nat({ max: 40 }).map((depth) => "[".repeat(depth) + "]".repeat(depth)),
);
const contentType = fc.constantFrom(
  ...[undefined, undefined, "application/json", "application/json", "application/json"],
  "application/json; charset=utf-8",
  "application/x-www-form-urlencoded",
  "multipart/form-data; boundary=x",
  "multipart/form-data",
  "text/plain",
  "nonsense",
);

const content = fc.oneof(
  fc.tuple(contentType, body),
  fc.tuple(
    fc.constant("application/json"),
    fitting.map((value) => JSON.stringify(value)),
  ),
);
const administrator = { "private-token": tokenOf("admin") };

function attempts(routes: readonly string[]): fc.Arbitrary<Attempt> {
  return fc
    .tuple(targets(routes), fc.oneof(credential, fc.constant(administrator)), content)
    .map(([{ method, path }, login, [type, text]]) => ({
      method,
      path,
      headers: { ...login, ...(type === undefined ? {} : { "content-type": type }) },
      body: method === "GET" || method === "HEAD" ? undefined : text,
    }));
}

/**
 * Sends arbitrary requests: none may be answered with a defect, end the simulator, or leave a secret behind.
 *
 * @param seed repeats an earlier run: fast-check tells it when it fails
 */
export async function tryArbitraryRequests(
  world: World,
  runs: number,
  seed?: number,
): Promise<void> {
  const database = new DatabaseSync(join(world.folder, "data", "gitlab.sqlite"));
  const renew = database.prepare("UPDATE personal_access_tokens SET revoked = 0");
  const property = fc
    .asyncProperty(attempts(world.routes), async ({ method, path, headers, body: text }) => {
      const response = await request(`${world.address}${path}`, {
        method: method as "GET",
        headers,
        body: text,
      });
      await response.body.dump();
      if (response.statusCode >= 500) {
        throw new Error(`${method} ${path}: ${response.statusCode}\n${world.log.at(-2)}`);
      }
    })
    // A request may end the very token that the others are made with.
    .beforeEach(() => void renew.run());
  try {
    await fc.assert(property, { numRuns: runs, ...(seed === undefined ? {} : { seed }) });
  } finally {
    database.close();
  }
  await findSecrets(world);
}

async function findSecrets(world: World): Promise<void> {
  const said = JSON.stringify(await world.control.events()) + world.log.join("\n");
  for (const secret of secrets) {
    const forms = [
      secret,
      encodeURIComponent(secret),
      Buffer.from(secret).toString("base64").replace(/=+$/, ""),
      Buffer.from(`admin:${secret}`).toString("base64"),
    ];
    if (forms.some((form) => said.includes(form))) throw new Error(`Found again: "${secret}"`);
  }
}

/** Like `encodeURIComponent`, which refuses text that is no Unicode. */
function encode(text: string): string {
  return encodeURIComponent(text.replace(/\p{Surrogate}/gu, "?"));
}
