import { explainNoteFailure } from "../../../cli/report/note/noteFailure";

describe("explainNoteFailure", () => {
  it.each([
    ["ECONNREFUSED", "GitLab can't be reached (ECONNREFUSED)."],
    ["ENOTFOUND", "GitLab can't be reached (ENOTFOUND)."],
    [
      "SELF_SIGNED_CERT_IN_CHAIN",
      "GitLab's certificate is not trusted (SELF_SIGNED_CERT_IN_CHAIN). Set `NODE_EXTRA_CA_CERTS` to a file with its authority.",
    ],
    [
      "UND_ERR_HEADERS_TIMEOUT",
      "GitLab did not answer in time (UND_ERR_HEADERS_TIMEOUT). The next pipeline writes the note.",
    ],
  ])("explains %s", (code, text) => {
    expect(explainNoteFailure(Object.assign(new Error("failed"), { code }))).toBe(text);
  });

  it("explains a request that took too long with all its repetitions", () => {
    expect(explainNoteFailure(new DOMException("aborted", "TimeoutError"))).toBe(
      "GitLab did not answer in time (TimeoutError). The next pipeline writes the note.",
    );
  });
});
