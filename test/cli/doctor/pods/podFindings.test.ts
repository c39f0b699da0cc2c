import type { ClusterEvent, ContainerStatus, Pod } from "../../../../cli/kubernetesObjects";
import { findPodProblem } from "../../../../cli/doctor/pods/podFindings";

const image = "gitlab.example.com:5050/web/site@sha256:01";

const podWith = (status: Partial<ContainerStatus>): Pod => ({
  metadata: { name: "site-1" },
  status: { containerStatuses: [{ name: "site", image, ready: false, ...status }] },
});

const waiting = (reason: string, message = ""): Pod =>
  podWith({ state: { waiting: { reason, message } } });

const failed = (cause: string): ClusterEvent => ({
  involvedObject: {},
  reason: "Failed",
  message: `Failed to pull image "${image}": failed to pull and unpack image "${image}": failed to resolve reference "${image}": ${cause}`,
});

describe("findPodProblem", () => {
  it.each([
    [`${image}: not found`, true],
    ["failed to authorize: failed to fetch oauth token: unexpected status: 401 Unauthorized", true],
    [
      "failed to authorize: failed to fetch anonymous token: unexpected status from GET request to https://gitlab.example.com/jwt/auth: 403 Forbidden",
      true,
    ],
    [
      "pull access denied, repository does not exist or may require authorization: server message: insufficient_scope: authorization failed",
      true,
    ],
    ["tls: failed to verify certificate: x509: certificate signed by unknown authority", true],
    ['failed to do request: Head "https://h/v2/": dial tcp 10.0.0.1:5050: i/o timeout', false],
    [
      'failed to do request: Head "https://h/v2/": dial tcp 10.0.0.1:5050: connect: connection refused',
      false,
    ],
    ["unexpected status from HEAD request to https://h/v2/: 503 Service Unavailable", false],
    ["unexpected status from HEAD request to https://h/v2/: 429 Too Many Requests", false],
  ])("tells permanent causes of a failed pull from others: %s", (cause, isPermanent) => {
    const back = waiting("ImagePullBackOff", `Back-off pulling image "${image}"`);
    const finding = findPodProblem(back, [failed(cause)]);

    expect(finding).toMatchObject({ isPermanent, lines: [cause] });
    expect(finding?.cause).toMatch(
      /^The node can't pull `gitlab\.example\.com:5050\/web\/site@sha256:01`\. ./,
    );
  });

  it("finds a container that runs before the site's and is not pulled", () => {
    const { metadata, status } = waiting("ImagePullBackOff", "Back-off pulling image");
    const initializing = {
      ...status?.containerStatuses?.[0],
      name: "site",
      state: { waiting: { reason: "PodInitializing" } },
    };
    const pod = {
      metadata,
      status: {
        initContainerStatuses: status?.containerStatuses,
        containerStatuses: [initializing],
      },
    };
    expect(findPodProblem(pod, [failed(`${image}: not found`)])).toMatchObject({
      isPermanent: true,
      lines: [`${image}: not found`],
    });
  });

  const secret = {
    involvedObject: {},
    reason: "FailedToRetrieveImagePullSecret",
    message:
      "Unable to retrieve some image pull secrets (gitlab-registry); attempting to pull the image may not succeed.",
  };
  const refused = failed(
    "failed to authorize: failed to fetch anonymous token: unexpected status: 401 Unauthorized",
  );

  it.each([
    ["is not permanent after the first pull, for which the kubelet had not read it yet", 1, false],
    ["is permanent when the second pull is refused too", 2, true],
  ])("a pull secret that is missing %s", (_, count, isPermanent) => {
    const state = { ...refused, reason: "Failed", message: "Error: ImagePullBackOff", count: 7 };
    const events = [secret, { ...refused, count }, state];
    expect(findPodProblem(waiting("ImagePullBackOff"), events)).toMatchObject({ isPermanent });
  });

  it("names a pull secret that is missing, and not the refusal that follows from it", () => {
    expect(findPodProblem(waiting("ErrImagePull"), [refused, secret])?.cause).toBe(
      `The node can't pull \`${image}\`. The pod names a pull secret, gitlab-registry, that its namespace does not have.`,
    );
  });

  it("leaves a container's crash to its log", () => {
    const terminated = { exitCode: 1, reason: "Error" };
    const pod = podWith({
      restartCount: 2,
      state: { waiting: { reason: "CrashLoopBackOff" } },
      lastState: { terminated },
    });

    expect(findPodProblem(pod, [])).toMatchObject({
      cause: "The container `site` ends with exit code 1 as soon as it is started (3 times).",
      crashed: "site",
    });
  });

  it.each([
    ["Error", 2, false],
    ["Error", 3, true],
    ["OOMKilled", 2, false],
    ["OOMKilled", 3, true],
  ])(
    "takes a crash (%s) for permanent after some restarts: %i",
    (reason, restartCount, isPermanent) => {
      const lastState = { terminated: { exitCode: 137, reason } };
      const state = { waiting: { reason: "CrashLoopBackOff" } };
      expect(findPodProblem(podWith({ restartCount, state, lastState }), [])).toMatchObject({
        isPermanent,
      });
    },
  );

  it("knows a container that used too much memory", () => {
    const terminated = { exitCode: 137, reason: "OOMKilled" };
    const pod = podWith({
      state: { waiting: { reason: "CrashLoopBackOff" } },
      lastState: { terminated },
    });

    expect(findPodProblem(pod, [])?.cause).toBe(
      "The container `site` does not run. The container used more memory than its limit, and the kernel ended it.",
    );
  });

  it("says what a failing probe got", () => {
    const probe = {
      involvedObject: {},
      reason: "Unhealthy",
      message: "Readiness probe failed: HTTP probe failed with statuscode: 404",
    };

    expect(findPodProblem(podWith({ state: { running: {} } }), [probe])?.cause).toBe(
      "The container `site` runs, but is not ready. The web server answers the probe's path with 404, and not with 200.",
    );
  });

  it("says why no node takes the pod", () => {
    const condition = {
      type: "PodScheduled",
      status: "False",
      reason: "Unschedulable",
      message: "0/1 nodes are available: 1 Insufficient cpu. preemption: not eligible.",
    };

    expect(
      findPodProblem({ metadata: { name: "x" }, status: { conditions: [condition] } }, []),
    ).toMatchObject({
      cause: "No node can run the pod. No node has the CPU left that the pod requests.",
      lines: [condition.message],
      isPermanent: false,
    });
  });

  it("names a volume without which no container begins", () => {
    const message =
      'MountVolume.SetUp failed for volume "environment" : configmap "site-environment" not found';
    const event = { involvedObject: {}, reason: "FailedMount", message };
    const finding = findPodProblem(waiting("ContainerCreating"), [event]);
    expect(finding?.cause).toMatch(/^The pod does not start\. .*site-environment/);
    expect(finding?.lines).toEqual([message]);
    // It has begun meanwhile.
    expect(findPodProblem(podWith({ ready: true, state: { running: {} } }), [event])).toBe(
      undefined,
    );
  });

  it("finds nothing wrong with a pod that is ready or has just begun", () => {
    expect(findPodProblem(podWith({ ready: true, state: { running: {} } }), [])).toBeUndefined();
    expect(findPodProblem(waiting("ContainerCreating"), [])).toBeUndefined();
  });
});
