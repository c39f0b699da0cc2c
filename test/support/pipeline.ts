/** Removes the variables of a GitLab pipeline: the one that runs the tests must not affect them. */
export function leavePipeline(): void {
  for (const name of Object.keys(process.env)) {
    if (name.startsWith("CI_")) delete process.env[name];
  }
}
