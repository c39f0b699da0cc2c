import { describeExpiry, findLifetimeProblem } from "../../../components/registry/tokenExpiry";

const now = new Date("2026-01-22T10:00:00Z");
const subject = "The pull token";

describe("describeTokenInUse", () => {
  it.each([
    [
      "a rotation",
      { expiresAt: "2026-03-23T00:00:00Z", wanted: "2026-05-22T00:00:00Z" },
      {
        severity: "info",
        text: "rotation due: The pull token expires in 59 days, at 2026-03-23T00:00:00Z. This update replaces it by one that expires at 2026-05-22T00:00:00Z.",
      },
    ],
    [
      "a rotation that is late",
      { expiresAt: "2026-01-25T00:00:00Z", wanted: "2026-05-22T00:00:00Z" },
      {
        severity: "warn",
        text: "rotation due: The pull token expires in 2 days, at 2026-01-25T00:00:00Z. This update replaces it by one that expires at 2026-05-22T00:00:00Z.",
      },
    ],
    [
      "the last hours",
      { expiresAt: "2026-01-23T00:00:00Z", wanted: "2026-05-22T00:00:00Z" },
      {
        severity: "warn",
        text: "rotation due: The pull token expires in less than a day, at 2026-01-23T00:00:00Z. This update replaces it by one that expires at 2026-05-22T00:00:00Z.",
      },
    ],
    [
      "a rotation that is too late",
      { expiresAt: "2026-01-22T00:00:00Z", wanted: "2026-05-22T00:00:00Z" },
      {
        severity: "warn",
        text: "rotation due: The pull token expired at 2026-01-22T00:00:00Z, and GitLab refuses it. This update replaces it by one that expires at 2026-05-22T00:00:00Z.",
      },
    ],
    [
      "credentials that nobody here replaces",
      { expiresAt: "2026-01-24T00:00:00Z", wanted: "2026-01-24T00:00:00Z" },
      {
        severity: "warn",
        text: "The pull token expires in 1 day, at 2026-01-24T00:00:00Z. Create a new one and configure it in `credentials`.",
      },
    ],
  ])("reports %s", (_, token, message) => {
    expect(describeExpiry({ subject, ...token }, now, 14)).toEqual(message);
  });

  it.each([
    [14, "2026-02-05T10:00:00Z", "warn"],
    [14, "2026-02-05T10:00:01Z", undefined],
    [0, "2026-01-22T10:00:01Z", undefined],
    [0, "2026-01-22T10:00:00Z", "warn"],
  ])("warns from %i days before on", (warnDays, expiresAt, severity) => {
    const token = { subject, expiresAt, wanted: expiresAt };
    expect(describeExpiry(token, now, warnDays)?.severity).toBe(severity);
  });
});

describe("findShortLife", () => {
  const window = { index: 1, end: new Date("2026-03-23T00:00:00Z"), expiresAt: "" };

  it("finds nothing wrong with a token that lives into the next window", () => {
    expect(findLifetimeProblem(subject, "2026-03-23T00:00:00.000Z", window)).toBeUndefined();
  });

  it("refuses one that ends before", () => {
    expect(findLifetimeProblem(subject, "2026-03-22T23:59:59Z", window)).toBe(
      "The pull token expires at 2026-03-22T23:59:59Z, before it is due to be replaced at 2026-03-23T00:00:00.000Z. Check this machine's clock, or set `rotateEveryDays` to less than GitLab's limit for tokens.",
    );
  });
});
