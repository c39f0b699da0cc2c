import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { inSandbox } from "./support/checkout";
import { diagnose, expectFailure, inNamespace, whilePatched } from "./support/doctor";
import { listOccurrences } from "./support/secrets";
import { locks } from "./support/state";

const minuteMs = 60_000;
const registry = "gitlab.thelinuxlabs.com";
const whole = (test: () => Promise<void>): [() => Promise<void>, number] => [test, 2 * minuteMs];

describe("slipway doctor", () => {
  it(
    "finds nothing wrong with a healthy stack, in 80 columns, and prints no credential",
    ...whole(async () => {
      const [{ steps, verdict, code, output }, plain, token] = await Promise.all([
        diagnose(),
        inSandbox("npx slipway doctor dev 2>/dev/null"),
        inSandbox('printf %s "$GITLAB_TOKEN"'),
      ]);

      expect({ code, verdict }).toEqual({ code: 0, verdict: "Nothing is wrong." });
      expect(steps.map(({ status }) => status)).toEqual(steps.map(() => "ok"));
      expect(plain).toMatch(/^ok {3}Tools and configuration: node /m);
      expect(plain.trimEnd()).toMatch(/\nNothing is wrong\.$/);
      expect(plain.split("\n").filter((line) => line.length > 80)).toEqual([]);
      expect(listOccurrences(plain + output, [token.trim()])).toEqual([]);
    }),
  );

  it.each([
    [
      "a port where nothing listens",
      `--registry ${registry}:5999 --project web/gatsby-site`,
      ":",
      { "registry-tcp": /^Nothing listens at .*:5999, the address of the registry/ },
      12,
    ],
    [
      "GitLab's web server in place of the registry",
      `--registry ${registry}:443 --project web/gatsby-site`,
      ":",
      { registry: /answers? at gitlab\.thelinuxlabs\.com:443/ },
      16,
    ],
    [
      "a CA that is not trusted",
      "dev",
      "unset NODE_EXTRA_CA_CERTS",
      {
        "gitlab-tls": /signed by "Slipway sandbox .*", a CA that is not trusted here/,
        "registry-tls": /a CA that is not trusted here/,
      },
      13,
    ],
    [
      "a missing access token",
      "dev",
      "unset GITLAB_TOKEN",
      { configuration: /^`GITLAB_TOKEN` is not set/ },
      11,
    ],
    [
      "a wrong access token",
      "dev",
      "export GITLAB_TOKEN=glpat-wrong-wrong-wrong",
      { gitlab: /^GitLab does not accept `GITLAB_TOKEN`/ },
      14,
    ],
    [
      "a wrong password",
      `--registry ${registry}:5050 --project web/gatsby-site --username nobody`,
      "export SLIPWAY_REGISTRY_PASSWORD=wrong",
      { login: /^GitLab refuses `--username` \("nobody"\)/ },
      14,
    ],
    [
      "a project that does not exist",
      `--registry ${registry}:5050 --project web/nothing`,
      ":",
      { repository: /^GitLab has no project `web\/nothing`/, gitlab: /^GitLab has no project/ },
      16,
    ],
    [
      "a cluster that does not answer",
      "dev",
      'sed "s#server: .*#server: https://127.0.0.1:1#" "$KUBECONFIG" > .sandbox/elsewhere.kubeconfig; export KUBECONFIG=$PWD/.sandbox/elsewhere.kubeconfig',
      { cluster: /Nothing listens at|the cluster is stopped/i },
      17,
    ],
    [
      "an account without rights",
      "dev",
      `kubectl create serviceaccount doctor ${inNamespace} >/dev/null 2>&1; export token=$(kubectl create token doctor ${inNamespace}); kubectl config view --raw --minify --flatten > .sandbox/doctor.kubeconfig; export KUBECONFIG=$PWD/.sandbox/doctor.kubeconfig; kubectl config set-credentials doctor --token "$token" >/dev/null; kubectl config set-context --current --user doctor >/dev/null`,
      { cluster: /^This account may not get, create, patch, delete deployments in namespace/ },
      17,
    ],
    [
      "a wrong passphrase",
      "dev",
      "unset PULUMI_CONFIG_PASSPHRASE_FILE; export PULUMI_CONFIG_PASSPHRASE=wrong",
      { state: /`pulumi stack export.*failed/ },
      19,
    ],
  ])(
    "names %s, and nothing else",
    async (_, args, setup, causes, code) => {
      expectFailure(await diagnose(args, setup), causes, code);
    },
    minuteMs,
  );

  it(
    "names a lock with its age and owner",
    ...whole(async () => {
      const file = join(locks, "0c6c6ba7-0000-4000-8000-000000000000.json");
      const timestamp = new Date(Date.now() - 5 * minuteMs).toISOString();
      mkdirSync(locks, { recursive: true });
      writeFileSync(file, JSON.stringify({ pid: 4711, username: "me", hostname: "ci", timestamp }));
      const diagnosis = await diagnose().finally(() => rmSync(file));
      expectFailure(
        diagnosis,
        { state: /^`dev` is locked since 5 minutes by me@ci, process 4711/ },
        19,
      );
    }),
  );

  it(
    "names a pull secret that is missing, or has another host",
    ...whole(async () => {
      const secret = `secret gitlab-registry ${inNamespace}`;
      await inSandbox(`kubectl get ${secret} --output json > .sandbox/secret.json`);
      try {
        await inSandbox(`kubectl delete ${secret}`);
        const missing = /^The namespace `gatsby-site-dev` has no secret `gitlab-registry`/;
        expectFailure(await diagnose(), { "pull-secret": missing }, 17);
        await inSandbox(
          `kubectl create ${secret.replace(" ", " docker-registry ")} --docker-server other.example.com --docker-username x --docker-password y`,
        );
        const other =
          /has no credentials for `gitlab\.thelinuxlabs\.com:5050`, but for: other\.example\.com/;
        expectFailure(await diagnose(), { "pull-secret": other }, 17);
      } finally {
        await inSandbox(
          `kubectl delete ${secret} --ignore-not-found; kubectl create --filename .sandbox/secret.json`,
        );
      }
    }),
  );

  it(
    "shows the end of a crashed container's log",
    ...whole(async () => {
      const script =
        'sed /^pid/d /etc/nginx/nginx.conf >/tmp/conf; exec nginx -c /tmp/conf -g "daemon off; pid /nginx.pid;"';
      const crash = { command: ["sh", "-c", script] };
      const diagnosis = await whilePatched(crash, "CrashLoopBackOff", () => diagnose());
      const cause =
        /^The container `gatsby-site` ends with exit code 1 .* nginx wants to write \/nginx\.pid/;
      expectFailure(diagnosis, { deployment: cause }, 18);
      const lines = diagnosis.steps.at(-1)?.findings?.[0]?.lines?.join("\n") ?? "";
      expect(lines).toContain('open() "/nginx.pid" failed (30: Read-only file system)');
    }),
  );
});
