import { computeRetryDelay } from "../../../components/http/retry";

const now = new Date("2026-11-24T12:00:00Z");
const nowSeconds = now.getTime() / 1000;

function delay(
  status: number | undefined,
  headers: Record<string, string> = {},
  rest: { number?: number; method?: string } = {},
): number | undefined {
  return computeRetryDelay({ number: 1, method: "POST", status, headers, ...rest }, now);
}

describe("computeRetryDelay", () => {
  it.each([
    [{ "retry-after": "7" }, 7000],
    [{ "retry-after": "Tue, 24 Nov 2026 12:00:09 GMT" }, 9000],
    [{ "retry-after": "Tue, 24 Nov 2026 11:00:00 GMT" }, 0],
    [{ "ratelimit-reset": String(nowSeconds + 11) }, 11_000],
    [{ "retry-after": "3", "ratelimit-reset": String(nowSeconds + 11) }, 3000],
    [{ "retry-after": "soon" }, 500],
    [{}, 500],
  ])("waits after too many requests as %j says", (headers, expected) => {
    expect(delay(429, headers)).toBe(expected);
  });

  it("waits for no longer than a minute", () => {
    expect(delay(429, { "retry-after": "60" })).toBe(60_000);
    expect(delay(429, { "retry-after": "61" })).toBeUndefined();
  });

  it.each([502, 503, 504, undefined])("repeats what is safe to repeat after %s", (status) => {
    expect(delay(status, {}, { method: "GET" })).toBe(500);
    expect(delay(status, {}, { method: "PUT", number: 3 })).toBe(2000);
    expect(delay(status, {}, { method: "POST" })).toBeUndefined();
  });

  it.each([400, 401, 403, 404, 500])("takes %i for an answer", (status) => {
    expect(delay(status, {}, { method: "GET" })).toBeUndefined();
  });

  it("gives up after five attempts", () => {
    expect(delay(429, {}, { number: 4 })).toBe(4000);
    expect(delay(429, {}, { number: 5 })).toBeUndefined();
  });
});
