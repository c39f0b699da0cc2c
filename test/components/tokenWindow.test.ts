import { computeTokenExpiry } from "../../components/tokenWindow";

describe("computeTokenExpiry", () => {
  it.each([
    ["the first instant of a window", "2025-11-08T00:00:00.000Z", "2026-03-08T00:00:00Z"],
    ["another day of it", "2025-11-24T13:37:42.123Z", "2026-03-08T00:00:00Z"],
    ["its last instant", "2026-01-06T23:59:59.999Z", "2026-03-08T00:00:00Z"],
    ["the next window", "2026-01-07T00:00:00.000Z", "2026-05-07T00:00:00Z"],
  ])("answers for %s", (_, now, expiry) => {
    expect(computeTokenExpiry(new Date(now), 60)).toBe(expiry);
  });

  it("leaves a token at least one window and at most two to live", () => {
    const day = 24 * 60 * 60 * 1000;
    for (let hour = 0; hour < 24 * 200; hour += 7) {
      const now = Date.UTC(2025, 0, 1, hour);
      const life = (Date.parse(computeTokenExpiry(new Date(now), 30)) - now) / day;
      expect(life).toBeGreaterThan(30);
      expect(life).toBeLessThanOrEqual(60);
    }
  });
});
