import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { previewReport, type PreviewReportOptions } from "../../../cli/commands/previewReport";
import { noteLimit } from "../../../cli/report/limits";
import { parseNote } from "../../../cli/report/note/noteBody";
import { NotesServer } from "../report/support/notesServer";
import { previewOf, readRecorded, recorded, stepOf } from "../report/support/previews";

const token = "gldt-Ab3_xY9-zQ7wLmNopq1R";
let folder: string;
let printed: string[];
let warned: string[];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "preview-report-"));
  printed = [];
  warned = [];
});

afterEach(() => rmSync(folder, { recursive: true }));

function place(file: string, text: string): string {
  writeFileSync(join(folder, file), text);
  return file;
}

function read(file: string): string {
  return readFileSync(join(folder, file), "utf8");
}

function run(options: Omit<PreviewReportOptions, "cwd">, env: Record<string, string> = {}) {
  const now = new Date("2026-11-24T00:00:00Z");
  const wait = () => Promise.resolve();
  const print = (text: string): void => {
    (text.includes("is not written") ? warned : printed).push(text);
  };
  return previewReport({ cwd: folder, now, wait, ...options }, { env, print });
}

describe("slipway preview-report", () => {
  it("reports every stack, to the terminal, the widget and a Markdown file", async () => {
    place("dev.json", readRecorded("edit").json);
    place(
      "staging.json",
      readRecorded("rotate").json.replaceAll("pulumi:dev::", "pulumi:staging::"),
    );
    const files = ["dev.json", "staging.json"];
    await run({ files, widget: "widget.json", markdown: "report.md" });

    expect(printed.map((text) => text.split("\n", 1)[0])).toEqual([
      "dev: 5 to update, 1 to create; 10 unchanged",
      "staging: 2 to replace, 1 to update; 13 unchanged",
    ]);
    expect(JSON.parse(read("widget.json"))).toEqual({ create: 3, update: 6, delete: 2 });
    expect(read("report.md").match(/^#### .*$/gm)).toEqual([
      "#### `dev`: 5 to update, 1 to create; 10 unchanged",
      "#### `staging`: 2 to replace, 1 to update; 13 unchanged",
    ]);
    expect(warned).toEqual([]);
  });

  it("names every file that is not there", async () => {
    place("dev.json", "{}");
    await expect(run({ files: ["a.json", "dev.json", "b.json"] })).rejects.toThrow(
      "`a.json` and `b.json` do not exist. Write the standard output of `pulumi preview --json` to a file for each stack.",
    );
  });

  it("reports a preview that failed, by the name of its file, and writes no widget", async () => {
    const { json, errors } = readRecorded("failed-before");
    place("prod.json", json);
    place("prod.err", errors);
    await run({ files: ["prod.json"], widget: "widget.json" });

    expect(printed[0]).toMatch(/^prod: the preview failed\n.*incorrect passphrase/);
    expect(warned).toEqual(["The widget is not written, because the preview of `prod` failed."]);
    expect(() => read("widget.json")).toThrow("ENOENT");
  });

  it.each([
    ["", "it ended before it wrote any JSON"],
    ["Previewing update (dev)", "what it wrote is not JSON"],
    ['{"sequence":0}\n{"sequence":1}', "Unset `PULUMI_ENABLE_STREAMING_JSON_PREVIEW`"],
    ['{"steps":1}', "not what `pulumi preview --json` writes"],
    ["{}", "it was cancelled, or ended early"],
  ])("reports %j as a failure, with a reason", async (json, reason) => {
    place("dev.json", json);
    const { reports } = await run({ files: ["dev.json"] });
    expect(reports[0].failure?.messages).toEqual([expect.stringContaining(reason)]);
  });

  it("takes a preview for failed that says so only on standard error, as with a policy", async () => {
    place("dev.json", previewOf([]));
    place("dev.err", "error: preview failed: policy `no-latest` was violated\n");
    const { reports } = await run({ files: ["dev.json"] });
    expect(reports[0].failure?.messages).toEqual([expect.stringContaining("no-latest")]);
  });

  it("shows warnings, and no control characters", async () => {
    const warning = {
      severity: "warning",
      message: "warning: \u001b[36mold\u001b[39m `builder`\n",
    };
    place("dev.json", previewOf([], { diagnostics: [warning, { ...warning, severity: "info" }] }));
    await run({ files: ["dev.json"], markdown: "report.md" });
    expect(printed[0]).toContain("warning: old `builder`");
    expect(read("report.md")).toContain(":warning: 1 warning:\n\n```diff\n! old `builder`\n```");
  });

  it("cuts 2,000 resources to what a note takes, and says what it left out", async () => {
    const steps = Array.from({ length: 2000 }, (_, at) =>
      stepOf(["create", "update", "replace", "delete"][at % 4], {
        name: `resource-${at}`,
        before: { text: "x".repeat(500), at },
        after: { text: "y".repeat(500), at },
      }),
    );
    place("dev.json", previewOf(steps));
    await run({ files: ["dev.json"], widget: "widget.json", markdown: "report.md" });

    expect(JSON.parse(read("widget.json"))).toEqual({ create: 1000, update: 500, delete: 1000 });
    const text = read("report.md");
    expect(text.length).toBeLessThan(noteLimit / 10);
    const shown = text.match(/^\*\*(Replace|Delete|Update|Create)\*\* /gm)?.length ?? 0;
    expect(shown).toBeGreaterThan(100);
    expect(text).toContain(
      `... and ${(2000 - shown).toLocaleString("en")} more resources not shown here`,
    );
    expect(text).toMatch(/\*\*Replaces\*\*: (`resource-\d+`, ){10}490 more$/m);
    expect(text.split("\n").find((line) => line.startsWith("**"))).toMatch(/^\*\*Replace\*\*/);
    expect(text.match(/^```/gm)?.length).toBe(2 * (text.match(/^```diff$/gm)?.length ?? 0));
  });

  it("shows no secret, in whatever encoding a preview has it", async () => {
    const secret = "correct/horse+battery staple?";
    const forms = [secret, token, `u:${secret}`, `deploy:${token}`].flatMap((text) => [
      text,
      encodeURIComponent(text),
      Buffer.from(text).toString("base64"),
      Buffer.from(`x${text}`).toString("base64"),
      Buffer.from(JSON.stringify({ auth: Buffer.from(text).toString("base64") })).toString(
        "base64",
      ),
    ]);
    const values = Object.fromEntries(
      forms.map((form, at) => [`key${at}`, `${"p".repeat(190)}${form}`]),
    );
    const diagnostics = forms.map((message) => ({ severity: "warning", message }));
    place("dev.json", previewOf([stepOf("create", { after: values })], { diagnostics }));
    await run({ files: ["dev.json"], markdown: "report.md" }, { PULUMI_CONFIG_PASSPHRASE: secret });

    const text = read("report.md") + printed.join("\n");
    expect(text).toContain("[secret]");
    for (const form of forms.slice(0, 3)) expect(text).not.toContain(form);
    expect(text).not.toMatch(/horse|Ab3_xY9/);
    for (const hidden of [secret, token]) {
      const encoded = [0, 1, 2].map((pad) =>
        Buffer.from("x".repeat(pad) + hidden)
          .toString("base64")
          .slice(4, 20),
      );
      for (const part of encoded) expect(text).not.toContain(part);
    }
    // A Docker configuration as a Kubernetes Secret keeps it.
    expect(text).not.toContain(forms[forms.length - 1].slice(0, 40));
  });

  it("lets no name or value act in a note", async () => {
    const name = "a`b\n/approve\n<!-- slipway:end -->\n@everyone";
    place(
      "dev.json",
      previewOf([
        stepOf("replace", {
          name,
          before: { text: "1" },
          after: { text: "```\n/merge\n<!-- slipway:end -->" },
        }),
      ]),
    );
    await run({ files: ["dev.json"], markdown: "report.md" });
    const lines = read("report.md").split("\n");
    expect(lines.filter((line) => /^\s*(\/|<!--|@)/.test(line))).toEqual([]);
  });
});

describe("slipway preview-report --note", () => {
  let server: NotesServer;

  beforeEach(async () => {
    server = await NotesServer.start();
    place("dev.json", readRecorded("edit").json);
  });

  afterEach(() => server.stop());

  const report = (env: Record<string, string> = {}) =>
    run({ files: ["dev.json"], note: true }, { ...server.env, ...env });

  it("writes a note that names the commit and the pipeline", async () => {
    await report();
    expect(printed.at(-1)).toBe("Note in merge request !3: created.");
    const [section] = parseNote(server.notes[0].body);
    expect(section).toMatchObject({ stack: "dev", pipeline: 900 });
    expect(section.text).toContain(
      "<sub>Commit 8927077f, [pipeline 900](https://gitlab.example.com/web/site/-/pipelines/900)</sub>",
    );
  });

  it("says 'no changes' again where changes were taken back", async () => {
    await report();
    place("dev.json", readRecorded("unchanged").json);
    await report({ CI_PIPELINE_ID: "901" });
    expect(server.notes).toHaveLength(1);
    expect(server.notes[0].body).toContain("#### `dev`: no changes; 16 unchanged");
    expect(server.notes[0].body).not.toContain("Rebuilt");
  });

  it("writes one note for previews of several stacks, every recorded one", async () => {
    const files = recorded.map((name) => {
      const { json, errors } = readRecorded(name);
      place(`${name}.err`, errors);
      return place(`${name}.json`, json.replaceAll("pulumi:dev::", `pulumi:${name}::`));
    });
    await run({ files, note: true }, server.env);
    expect(server.notes).toHaveLength(1);
    const stacks = parseNote(server.notes[0].body).map(({ stack }) => stack);
    expect(stacks).toEqual([...recorded].sort());
  });

  it("says what is missing, all of it", async () => {
    await run({ files: ["dev.json"], note: true });
    expect(warned[0]).toMatch(/^The note is not written:\n {2}- `CI_API_V4_URL` is not set\./);
    expect(warned[0]).toContain(
      "`SLIPWAY_NOTE_TOKEN` is not set. A job's own token can only read notes.",
    );
    expect(server.calls).toEqual([]);
  });

  it.each([
    [401, "is wrong, revoked or expired"],
    [403, "needs scope `api`, and its user the role Reporter or higher"],
    [404, "does not see the merge request"],
  ])("is no failure where GitLab answers %i, and says why", async (status, reason) => {
    server.faults.push({ method: "POST", status, body: '{"message":"no"}' });
    await report();
    expect(warned[0]).toContain(reason);
    expect(warned[0]).toContain(
      `status code ${status}: POST ${server.api}/projects/5/merge_requests/3/notes: no`,
    );
  });

  it("does not wait for longer than a minute", async () => {
    server.faults.push({ method: "POST", status: 429, headers: { "retry-after": "3600" } });
    await report();
    expect(warned[0]).toContain("GitLab had too many requests, even after waiting.");
  });

  it("does not print the token", async () => {
    await report({ SLIPWAY_NOTE_TOKEN: "wrong-token-0123456789" });
    expect(warned[0]).toContain("401");
    expect([...warned, ...printed].join("\n")).not.toContain("wrong-token");
  });
});
