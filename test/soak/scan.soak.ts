import { readFileSync } from "node:fs";
import { join } from "node:path";

import {
  checkout,
  createCheckout,
  type Ended,
  inSandbox,
  make,
  shell,
} from "../e2e/support/checkout";
import { connectGitLab, project, type TestGitLab } from "../e2e/support/gitlab";
import { listOccurrences } from "../e2e/support/secrets";
import { Mirror } from "./support/scan/mirror";
import { findReportProblems } from "./support/scan/reportSchema";
import { ScannerImage } from "./support/scan/scannerImage";
import { pushVulnerableImage } from "./support/scan/vulnerableImage";

const minuteMs = 60_000;
const work = join(checkout, ".sandbox", "scan");
const pki = join(checkout, ".sandbox", "test", "pki");
const authority = join(pki, "gitlab-ca.pem");

let gitlab: TestGitLab;
let image: ScannerImage;
let mirror: Mirror;
/** What the job has: GitLab's variables, the project's, and the template's. */
let variables: Record<string, string>;
let site: string;
let vulnerable: string;

beforeAll(async () => {
  createCheckout();
  await make("up");
  gitlab = await connectGitLab();
  image = await ScannerImage.make(join(work, "image"));
  mirror = await Mirror.start(join(work, "mirror"), pki);

  const job = await gitlab.control.startJob({ project, user: "maintainer", name: "scan_image" });
  variables = {
    ...job.variables,
    SLIPWAY_CA_CERTIFICATE: readFileSync(authority, "utf8"),
    SLIPWAY_SCAN_SEVERITY: "high",
    GRYPE_DB_UPDATE_URL: mirror.url,
  };
  site = (await inSandbox("pulumi stack output image --stack dev")).trim();
  vulnerable = await pushVulnerableImage(join(work, "build"), site, {
    username: "gitlab-ci-token",
    password: job.token,
  });
}, 60 * minuteMs);

afterAll(async () => {
  await mirror.stop();
  await gitlab.close();
  await shell("make down");
}, 2 * minuteMs);

/** Scans, as a job after others does; what it prints never has the password. */
async function scan(own: Record<string, string>, cache = true): Promise<Ended> {
  const all: Record<string, string> = { ...variables, SITE_IMAGE: site, ...own };
  const ended = await image.scan(all, { cache });
  const said = ended.output + JSON.stringify(image.readReport() ?? "");
  const secrets = [variables.CI_REGISTRY_PASSWORD, all.CI_REGISTRY_PASSWORD].filter(Boolean);
  expect(listOccurrences(said, secrets)).toEqual([]);
  return ended;
}

describe("the image that runs in dev", () => {
  it.each([
    ["PEM", (): string => readFileSync(authority, "utf8")],
    ["a file", (): string => image.addFile("tmp/company.pem", readFileSync(authority, "utf8"))],
  ])("is clean, with the authority as %s", async (_kind, certificate) => {
    const { code, output } = await scan({ SLIPWAY_CA_CERTIFICATE: certificate() });

    expect({ code, output }).toEqual({ code: 0, output: "No vulnerabilities found\n" });
    const report = image.readReport();
    expect(await findReportProblems(report)).toBe("");
    expect(report).toMatchObject({ scan: { scanner: { id: "grype" } }, vulnerabilities: [] });
  });

  it("needs the mirror once: the cache has the database from then on", async () => {
    const archives = (): number => mirror.requests.filter((name) => name.endsWith(".gz")).length;
    expect((await scan({}, false)).code).toBe(0);
    const before = archives();

    const { code } = await scan({ GRYPE_DB_UPDATE_URL: "https://127.0.0.1:1/latest.json" });

    expect(code).toBe(0);
    expect(before).toBeGreaterThan(0);
    expect(archives()).toBe(before);
  });
});

describe("an image with a vulnerable package", () => {
  it.each([
    ["medium", 2],
    ["high", 2],
    ["critical", 0],
  ])("from severity %s on ends with %d", async (severity, expected) => {
    const { code, output } = await scan({
      SITE_IMAGE: vulnerable,
      SLIPWAY_SCAN_SEVERITY: severity,
    });

    expect({ code, output }).toEqual({
      code: expected,
      output: expect.stringMatching(
        /^NAME +INSTALLED +FIXED IN +TYPE +VULNERABILITY +SEVERITY.*\nzlib1g +1:1\.2\.11\.dfsg-2 +1:1\.2\.11\.dfsg-4 +deb +CVE-2018-25032 +High/,
      ) as string,
    });
    const message = `The image has findings of severity ${severity} or worse: see the table above.`;
    expect(output.includes(message)).toBe(expected === 2);
  });

  it("is reported as GitLab wants it", async () => {
    await scan({ SITE_IMAGE: vulnerable });

    const report = image.readReport() as { vulnerabilities: unknown[] };
    expect(await findReportProblems(report)).toBe("");
    expect(report.vulnerabilities).toEqual([
      {
        id: expect.stringMatching(/^[0-9a-f]{64}$/) as string,
        name: "CVE-2018-25032 in zlib1g",
        description:
          "Deflating data with many distant matches writes to memory that is not zlib's.",
        severity: "High",
        solution: "Upgrade zlib1g to 1:1.2.11.dfsg-4",
        identifiers: [
          {
            type: "cve",
            name: "CVE-2018-25032",
            value: "CVE-2018-25032",
            url: "https://security-tracker.debian.org/tracker/CVE-2018-25032",
          },
        ],
        location: {
          dependency: { package: { name: "zlib1g" }, version: "1:1.2.11.dfsg-2" },
          operating_system: expect.stringMatching(/^debian 12/) as string,
          image: vulnerable,
        },
      },
    ]);
  });

  it("passes with an exception in the repository's .grype.yaml", async () => {
    const file = "builds/site/.grype.yaml";
    image.addFile(file, "ignore:\n  - vulnerability: CVE-2018-25032\n");
    try {
      const { code, output } = await scan({ SITE_IMAGE: vulnerable });
      expect({ code, output }).toEqual({
        code: 0,
        output: expect.stringContaining("No vulnerabilities found") as string,
      });
    } finally {
      image.removeFile(file);
    }
  });

  it("is scanned for the runner's platform, or for the one that is set", async () => {
    const { code, output } = await scan({
      SITE_IMAGE: vulnerable,
      SLIPWAY_SCAN_SEVERITY: "medium",
      GRYPE_PLATFORM: "linux/arm64",
    });

    expect(code).toBe(2);
    expect(output).toMatch(/minimist +0\.0\.8 +0\.2\.1 +npm +GHSA-vh95-rmgr-6w4m +Medium/);
    expect(output).not.toContain("zlib1g");
    const report = image.readReport();
    expect(await findReportProblems(report)).toBe("");
    expect(report).toMatchObject({ vulnerabilities: [{ identifiers: [{ type: "ghsa" }] }] });
  });
});

describe("a scan that can't be", () => {
  const unknown = "The image could not be scanned.";

  it.each<[string, Record<string, string>, string]>([
    [
      "that the registry refuses the job",
      { CI_REGISTRY_PASSWORD: "glcbt-not-the-password" },
      `${unknown} The registry refuses \`CI_REGISTRY_USER\` with \`CI_REGISTRY_PASSWORD\`. GitLab sets both for each job: remove variables of these names from the project and its groups, and check that the image belongs to the project.`,
    ],
    [
      "that the registry refuses who has no password",
      { CI_REGISTRY_PASSWORD: "" },
      `${unknown} The registry refuses \`CI_REGISTRY_USER\` with \`CI_REGISTRY_PASSWORD\``,
    ],
    [
      "that the registry's authority is unknown",
      { SLIPWAY_CA_CERTIFICATE: "" },
      `${unknown} A certificate was signed by an unknown CA. Set \`SLIPWAY_CA_CERTIFICATE\` to the certificate of that CA, in PEM.`,
    ],
    [
      "that the image is for other platforms",
      { GRYPE_PLATFORM: "linux/s390x" },
      `${unknown} The image has no variant for this runner's platform. Set \`GRYPE_PLATFORM\` to the cluster's, such as linux/amd64.`,
    ],
    [
      "which severities there are",
      { SLIPWAY_SCAN_SEVERITY: "urgent" },
      '`SLIPWAY_SCAN_SEVERITY` is "urgent", which is not a severity. Use negligible, low, medium, high or critical.',
    ],
    [
      "that there is no image",
      { SITE_IMAGE: "" },
      "`SITE_IMAGE` is not set, so there is no image to scan. The job deploy_dev writes it to deploy.env.",
    ],
  ])("says %s, and leaves no report", async (_what, own, message) => {
    const { code, output } = await scan(own);

    expect(output).toContain(message);
    expect(code).toBe(1);
    expect(image.readReport()).toBeUndefined();
  });

  it.each([
    ["there is none", {}, false],
    ["it is too old", { GRYPE_DB_MAX_ALLOWED_BUILT_AGE: "1s" }, true],
  ])("says where the database comes from, when %s", async (_when, own, cache) => {
    const url = "https://127.0.0.1:1/latest.json";
    const { code, output } = await scan({ ...own, GRYPE_DB_UPDATE_URL: url }, cache);

    expect(output).toContain(
      `${unknown} grype has no vulnerability database, or one that is too old. It downloads it from ${url}: let the runner reach that address, or set \`GRYPE_DB_UPDATE_URL\` to a mirror of yours (docs/pipeline.md, Container scanning).`,
    );
    expect(code).toBe(1);
    expect(image.readReport()).toBeUndefined();
  });
});
