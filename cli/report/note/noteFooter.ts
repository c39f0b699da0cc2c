/** Which commit and pipeline a part of the note tells of, as Markdown; empty outside of a pipeline. */
export function renderFooter(env: NodeJS.ProcessEnv): string {
  const {
    CI_COMMIT_SHORT_SHA: commit = "",
    CI_PIPELINE_ID: id = "",
    CI_PIPELINE_URL: url = "",
  } = env;
  if (!/^[0-9a-f]+$/.test(commit) || !/^\d+$/.test(id)) return "";
  const pipeline = /^https?:\/\/[^\s()<>]+$/.test(url)
    ? `[pipeline ${id}](${url})`
    : `pipeline ${id}`;
  return `<sub>Commit ${commit}, ${pipeline}</sub>`;
}
