import { parseLoad } from "../../bench/world/load";

const printed = `Running 8s test @ http://10.213.34.160/
  1 threads and 32 connections
  Thread Stats   Avg      Stdev     Max   +/- Stdev
    Latency    12.02ms   25.11ms 112.91ms   88.73%
  Latency Distribution
     50%    1.05ms
     75%    4.21ms
     90%   62.00ms
     99%   87.79ms
  23266 requests in 8.00s, 93.96MB read
Requests/sec:   2907.11
Transfer/sec:     11.74MB
`;

describe("parseLoad", () => {
  it("reads requests a second, and the time of 99 of 100", () => {
    expect(parseLoad(printed)).toEqual({ requestsPerSecond: 2907.11, p99Milliseconds: 87.79 });
  });

  it.each([
    ["870.00us", 0.87],
    ["1.20s", 1200],
  ])("reads %s", (text, milliseconds) => {
    const load = parseLoad(printed.replace("87.79ms", text));
    expect(load.p99Milliseconds).toBe(milliseconds);
  });

  it("refuses a load of errors", () => {
    expect(() => parseLoad(`${printed}  Non-2xx or 3xx responses: 23266\n`)).toThrow(
      "Non-2xx or 3xx responses: 23266",
    );
  });

  it("refuses what is no result", () => {
    expect(() => parseLoad("unable to connect")).toThrow(
      "`wrk` printed no result:\nunable to connect",
    );
  });
});
