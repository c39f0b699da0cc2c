import { copyFileSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { checkout, type Ended, git, inSandbox, shell } from "./support/checkout";
import { configureStack } from "./support/configuration";
import { listChanges } from "./support/elsewhere";
import { SteadyLoad } from "./support/steadyLoad";

const minuteMs = 60_000;
const namespace = "gatsby-site-dev";
const scale = `kubectl --namespace ${namespace} scale deployment gatsby-site --replicas`;

/** Runs a command in the sandbox's environment, whether it succeeds or not. */
const attempt = (command: string): Promise<Ended> => shell(`eval "$(make -s env)"; ${command}`);

const preview = async (): Promise<string[]> =>
  listChanges(await inSandbox("pulumi preview --stack dev --json 2>/dev/null"));

/** Changes what nginx serves, which is a new pod template. */
function release(notice: string): void {
  configureStack(checkout, "dev", { publicConfig: { notice } });
}

const readReplicas = async (): Promise<string> =>
  inSandbox(
    `kubectl --namespace ${namespace} get deployment gatsby-site -o jsonpath='{.spec.replicas} {.status.readyReplicas}'`,
  );

afterAll(async () => {
  git(checkout, "checkout", "--", "Pulumi.dev.yaml");
  await inSandbox(`${scale} 1; PULUMI_K8S_ENABLE_PATCH_FORCE=true npx slipway up dev --yes`);
}, 3 * minuteMs);

describe("a number of pods that was set by hand", () => {
  it(
    "holds while releases go out, and is reported",
    async () => {
      await inSandbox(`${scale} 3`);
      for (const notice of ["first", "second"]) {
        release(notice);
        const updated = await inSandbox("npx slipway up dev --yes");

        expect(updated).toContain(
          "`gatsby-site` keeps 3 pods: something else set that number, such as `kubectl scale` or an autoscaler. To return to the 1 of `replicas`:",
        );
        expect(updated).toContain(`${scale} 1`);
        expect(await readReplicas()).toBe("3 3");
        expect(await preview()).toEqual([]);
      }
    },
    5 * minuteMs,
  );

  it(
    "is no drift, nor is a page that is not deployed yet",
    async () => {
      await inSandbox(`${scale} 4`);
      const page = join(checkout, "site", "static", "new.txt");
      writeFileSync(page, "Not deployed yet.");
      const { code } = await attempt("ci/drift.sh dev");
      rmSync(page);
      expect(code).toBe(0);
    },
    2 * minuteMs,
  );

  it(
    "is a conflict once `replicas` changes, and is taken over on demand, which leaves no trace",
    async () => {
      configureStack(checkout, "dev", { replicas: 2 });
      const refused = await attempt("npx slipway up dev --yes");
      expect(refused.code).toBe(1);
      expect(refused.output).toContain(
        "Another program has set fields that this update sets too; the error names both. To take over the fields, run this once:\n    PULUMI_K8S_ENABLE_PATCH_FORCE=true npx slipway up dev",
      );

      await inSandbox("PULUMI_K8S_ENABLE_PATCH_FORCE=true npx slipway up dev --yes");
      expect(await readReplicas()).toBe("2 2");
      expect(await preview()).toEqual([]);
    },
    4 * minuteMs,
  );
});

describe("another way to the same cluster", () => {
  const elsewhere = join(checkout, ".sandbox", "kubeconfig-elsewhere");
  afterAll(() => rmSync(elsewhere, { force: true }));

  it(
    "is no change when another machine keeps its kubeconfig elsewhere",
    async () => {
      const file = (await inSandbox('printf %s "$KUBECONFIG"')).trim();
      copyFileSync(file, elsewhere);
      const found = await inSandbox(
        `KUBECONFIG=${elsewhere} pulumi preview --stack dev --json 2>/dev/null`,
      );
      expect(listChanges(found)).toEqual([]);
    },
    2 * minuteMs,
  );

  it(
    "replaces nothing when a context is configured",
    async () => {
      const context = (await inSandbox("kubectl config current-context")).trim();
      await inSandbox(`pulumi config set kubernetes:context ${context} --stack dev`);

      expect(await preview()).toEqual(["update pulumi:providers:kubernetes cluster"]);
      const updated = await inSandbox("npx slipway up dev --yes");
      expect(updated).toContain(
        "Both are taken for the same cluster, and nothing is created again.",
      );
      expect(await preview()).toEqual([]);
    },
    3 * minuteMs,
  );
});

describe("a first deployment by a plan, into a namespace that exists, without a host", () => {
  const stack = "planned";
  const remove = `pulumi destroy --stack ${stack} --yes --skip-preview; pulumi stack rm --stack ${stack} --yes --force; kubectl delete namespace shared --ignore-not-found`;
  afterAll(() => attempt(`${remove}; pulumi stack select dev`), 2 * minuteMs);

  it(
    "keeps to its plan, though the dry run returns an address that the Service does not get",
    async () => {
      await attempt(remove);
      await inSandbox(
        `kubectl create namespace shared; cp Pulumi.dev.yaml Pulumi.${stack}.yaml; pulumi stack init ${stack} --no-select`,
      );
      configureStack(checkout, stack, { namespace: "shared", replicas: 1, tags: "none" });
      await inSandbox(
        `pulumi preview --stack ${stack} --save-plan .sandbox/plan.json && PULUMI_EXPERIMENTAL=true pulumi up --stack ${stack} --yes --skip-preview --plan .sandbox/plan.json`,
      );
      const url = (await inSandbox(`pulumi stack output url --stack ${stack}`)).trim();
      expect((await fetch(url)).status).toBe(200);
    },
    6 * minuteMs,
  );

  it(
    "has another port next, and the former one again, without a lost request",
    async () => {
      const file = join(checkout, "site", "nginx.conf");
      const config = readFileSync(file, "utf8");
      const readPort = () =>
        inSandbox(
          "kubectl --namespace shared get pods -o jsonpath='{range .items[*]}{.spec.containers[*].name} {.spec.containers[*].ports[*].containerPort}{end}' --field-selector status.phase=Running --selector app=gatsby-site-planned",
        );
      const listenOn = (containerPort: number): void => {
        writeFileSync(
          file,
          config.replace("listen 8080 default", `listen ${containerPort} default`),
        );
        configureStack(checkout, stack, { containerPort, networkPolicy: "closed" });
      };
      const url = (await inSandbox(`pulumi stack output url --stack ${stack}`)).trim();

      listenOn(80);
      // Only created until now, which is when the provider owns no field of the Deployment.
      await inSandbox(`pulumi preview --stack ${stack}`);
      const { failures, requests } = await SteadyLoad.during(
        `${url}/about/`,
        { perSecond: 50 },
        async () => {
          await inSandbox(`npx slipway up ${stack} --yes`);
          expect(await readPort()).toContain("gatsby-site-planned-80 80");
          listenOn(8080);
          await inSandbox(`pulumi preview --stack ${stack}; npx slipway up ${stack} --yes`);
          expect(await readPort()).toContain("gatsby-site-planned 8080");
        },
      ).finally(() => writeFileSync(file, config));
      expect(failures).toEqual([]);
      expect(requests).toBeGreaterThan(50);
    },
    8 * minuteMs,
  );
});
