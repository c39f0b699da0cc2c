import { tryParseJson } from "../../../components/json";
import type { Inspection } from "../inspection";
import { findPullSecret, findSiteObjects, type SiteObjects } from "../siteObjects";
import type { Finding, Step } from "../step";

interface Secret {
  readonly type?: string;
  readonly data?: Readonly<Record<string, string>>;
}

interface DockerConfig {
  readonly auths?: Readonly<
    Record<
      string,
      { readonly username?: string; readonly password?: string; readonly auth?: string }
    >
  >;
}

interface Deployment {
  readonly spec?: {
    readonly template?: {
      readonly spec?: { readonly imagePullSecrets?: readonly { readonly name?: string }[] };
    };
  };
}

const secretType = "kubernetes.io/dockerconfigjson";

/** The pull secret: present, of the right type, for the very registry, with the token in use, named by the pods. */
export const pullSecretStep: Step = {
  id: "pull-secret",
  title: "Pull secret",
  failure: "cluster",
  needsStack: true,
  dependsOn: ["namespace"],
  run: async (inspection) => {
    const state = inspection.get("state");
    const [secret, site] = [findPullSecret(state), findSiteObjects(state)];
    if (secret === undefined || site === undefined) return { leftOut: "the stack creates none" };
    const { name } = secret;
    const findings = await inspectSecret(inspection, site, name);
    return { detail: name, findings };
  },
};

async function inspectSecret(
  inspection: Inspection,
  { deployment, namespace }: SiteObjects,
  name: string,
): Promise<Finding[]> {
  const kubectl = inspection.get("kubectl");
  const again = renew(inspection);
  const [secret, running] = await Promise.all([
    kubectl.read<Secret>(["get", "secret", name, "--namespace", namespace]),
    kubectl.read<Deployment>(["get", "deployment", deployment, "--namespace", namespace]),
  ]);
  if (secret === undefined) {
    return [
      {
        cause: `The namespace \`${namespace}\` has no secret \`${name}\`, so its pods can't pull.`,
        remedy: again,
      },
    ];
  }
  const findings = [];
  const named = running?.spec?.template?.spec?.imagePullSecrets ?? [];
  if (running !== undefined && !named.some((one) => one.name === name)) {
    findings.push({
      cause: `The pods of \`${deployment}\` do not name the pull secret \`${name}\`.`,
      remedy: again,
    });
  }
  if (secret.type !== secretType) {
    findings.push({
      cause: `The secret \`${name}\` has the type "${secret.type}", and the kubelet reads only "${secretType}".`,
      remedy: `kubectl delete secret ${name} --namespace ${namespace} && ${again}`,
    });
    return findings;
  }
  return [...findings, ...inspectContent(inspection, name, secret)];
}

function inspectContent(inspection: Inspection, name: string, { data = {} }: Secret): Finding[] {
  const { registry } = inspection.get("target");
  const again = renew(inspection);
  const text = Buffer.from(data[".dockerconfigjson"] ?? "", "base64").toString();
  const { auths = {} } = (tryParseJson(text) ?? {}) as DockerConfig;
  const entry = auths[registry];
  if (entry === undefined) {
    const keys = Object.keys(auths).join(", ") || "none";
    return [
      {
        cause: `The secret \`${name}\` has no credentials for \`${registry}\`, but for: ${keys}. The key must be the host and port of the image.`,
        remedy: again,
      },
    ];
  }
  const decoded = Buffer.from(entry.auth ?? "", "base64").toString();
  const password = entry.password ?? decoded.slice(decoded.indexOf(":") + 1);
  inspection.secrets.push(password, entry.auth ?? "");
  const wanted = inspection.find("logins")?.find(({ label }) => label === "the pull token");
  if (wanted === undefined || wanted.password === password) return [];
  return [
    {
      cause: `The secret \`${name}\` has other credentials than the stack's pull token: somebody changed it.`,
      remedy: again,
    },
  ];
}

function renew(inspection: Inspection): string {
  const { stack } = inspection.get("stack");
  return `pulumi refresh --yes --stack ${stack} && npx slipway up ${stack}`;
}
