/** Forgets that this may be a GitLab pipeline: the project's own is none of a test's. */
export function leavePipeline(): void {
  for (const name of Object.keys(process.env)) {
    if (name.startsWith("CI_")) delete process.env[name];
  }
}
