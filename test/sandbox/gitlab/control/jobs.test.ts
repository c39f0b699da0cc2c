import { World } from "../support/world";

const world = new World();
beforeAll(() => world.start());
afterAll(() => world.stop());

const request = { project: "web/gatsby-site", user: "developer" } as const;

describe("jobs over the control endpoint", () => {
  it("come with the variables that GitLab predefines", async () => {
    const job = await world.control.startJob({
      ...request,
      ref: "Feature/One",
      sha: "0123456789".repeat(4),
      name: "deploy",
      stage: "production",
    });
    const url = `${world.url}/web/gatsby-site`;

    expect(job).toEqual({
      id: job.id,
      pipelineId: job.pipelineId,
      status: "running",
      token: expect.stringMatching(/^glcbt-[\w-]{20,}$/) as string,
      variables: {
        CI: "true",
        GITLAB_CI: "true",
        CI_SERVER_URL: world.url,
        CI_SERVER_HOST: "gitlab.test",
        CI_API_V4_URL: `${world.url}/api/v4`,
        CI_JOB_ID: String(job.id),
        CI_JOB_NAME: "deploy",
        CI_JOB_STAGE: "production",
        CI_JOB_URL: `${url}/-/jobs/${job.id}`,
        CI_JOB_TOKEN: job.token,
        CI_PIPELINE_ID: String(job.pipelineId),
        CI_PIPELINE_IID: "1",
        CI_PIPELINE_SOURCE: "push",
        CI_PIPELINE_URL: `${url}/-/pipelines/${job.pipelineId}`,
        CI_PIPELINE_CREATED_AT: world.now.toISOString(),
        CI_PROJECT_ID: expect.stringMatching(/^\d+$/) as string,
        CI_PROJECT_NAME: "gatsby-site",
        CI_PROJECT_TITLE: "Gatsby site",
        CI_PROJECT_PATH: "web/gatsby-site",
        CI_PROJECT_PATH_SLUG: "web-gatsby-site",
        CI_PROJECT_NAMESPACE: "web",
        CI_PROJECT_ROOT_NAMESPACE: "web",
        CI_PROJECT_URL: url,
        CI_PROJECT_VISIBILITY: "private",
        CI_DEFAULT_BRANCH: "main",
        CI_COMMIT_SHA: "0123456789".repeat(4),
        CI_COMMIT_SHORT_SHA: "01234567",
        CI_COMMIT_REF_NAME: "Feature/One",
        CI_COMMIT_REF_SLUG: "feature-one",
        CI_COMMIT_BRANCH: "Feature/One",
        CI_REGISTRY: "registry.test:5050",
        CI_REGISTRY_IMAGE: "registry.test:5050/web/gatsby-site",
        CI_REGISTRY_USER: "gitlab-ci-token",
        CI_REGISTRY_PASSWORD: job.token,
        GITLAB_USER_ID: expect.stringMatching(/^\d+$/) as string,
        GITLAB_USER_LOGIN: "developer",
        GITLAB_USER_NAME: "The developer",
        GITLAB_USER_EMAIL: "developer@example.com",
      },
    });
  });

  it("are of a tag, or of a merge request", async () => {
    const { body } = await world.api("/projects/web%2Fgatsby-site/merge_requests", {
      method: "POST",
      as: "developer",
      json: { source_branch: "feature", target_branch: "main", title: "Feature" },
    });
    const { id, iid } = body as { id: number; iid: number };
    const ofTag = await world.control.startJob({ ...request, ref: "v1.0", tag: true });
    const ofMergeRequest = await world.control.startJob({ ...request, mergeRequest: iid });

    expect(ofTag.variables).toMatchObject({ CI_COMMIT_TAG: "v1.0", CI_COMMIT_REF_SLUG: "v1-0" });
    expect(ofTag.variables).not.toHaveProperty("CI_COMMIT_BRANCH");
    expect(ofMergeRequest.variables).toMatchObject({
      CI_PIPELINE_SOURCE: "merge_request_event",
      CI_COMMIT_REF_NAME: "feature",
      CI_MERGE_REQUEST_ID: String(id),
      CI_MERGE_REQUEST_IID: String(iid),
      CI_MERGE_REQUEST_SOURCE_BRANCH_NAME: "feature",
      CI_MERGE_REQUEST_TARGET_BRANCH_NAME: "main",
      CI_MERGE_REQUEST_TITLE: "Feature",
    });
    expect(ofMergeRequest.variables).not.toHaveProperty("CI_COMMIT_BRANCH");
  });

  it.each<[object, string]>([
    [{ ...request, project: "no/such" }, "(404): There is no such `project`."],
    [{ ...request, user: "ghost" }, "(404): There is no such `user`."],
    [{ ...request, pipeline: 999999 }, "(404): There is no such `pipeline`."],
    [{ ...request, mergeRequest: 999 }, "(404): There is no such `mergeRequest`."],
    [{ ...request, status: "success" }, "(400): Begin with `status` running, pending or manual."],
    [{ ...request, source: "magic" }, "(400): Use one of push, web,"],
  ])("are not made of %j", async (job, message) => {
    await expect(world.control.startJob(job as typeof request)).rejects.toThrow(message);
  });

  it("go on as a runner may say, and not otherwise", async () => {
    const job = await world.control.startJob(request);

    await expect(world.control.runJob(job)).rejects.toThrow("(409): The job doesn't wait to run.");
    await expect(world.control.endJob(job, "done" as "failed")).rejects.toThrow(
      "(400): Give a `status`: running, success, failed or canceled.",
    );
    await expect(world.control.endJob({ id: 999999 }, "failed")).rejects.toThrow(
      "(404): There is no such job.",
    );
  });
});
