import { inSandbox } from "./checkout";

const repository = "https://gitlab.thelinuxlabs.com:5050/v2/web/gatsby-site";
const accept =
  "application/vnd.oci.image.index.v1+json, application/vnd.oci.image.manifest.v1+json";

/** Runs curl on the repository as the person who owns the sandbox's GitLab token. */
function curl(path: string, options: string): Promise<string> {
  const realm =
    "https://gitlab.thelinuxlabs.com/jwt/auth?service=container_registry&scope=repository:web/gatsby-site:pull,push";
  return inSandbox(
    [
      `token=$(curl --silent --fail --cacert "$SSL_CERT_FILE" --user "root:$GITLAB_TOKEN" '${realm}' | sed -E 's/.*"token":"([^"]+)".*/\\1/')`,
      `curl --silent --cacert "$SSL_CERT_FILE" --header "Authorization: Bearer $token" --header 'Accept: ${accept}' ${options} '${repository}/${path}'`,
    ].join("; "),
  );
}

/** The digest that a tag stands for, or the digest that is given; empty where the registry has none. */
export async function digestOf(reference: string): Promise<string> {
  const headers = await curl(`manifests/${reference}`, "--head");
  return /^docker-content-digest: (\S+)/im.exec(headers)?.[1] ?? "";
}

/** Gives a tag to the first image of an index: another digest, that the registry has already. */
export async function tagFirstImageOf(index: string, tag: string): Promise<string> {
  const { manifests } = JSON.parse(await curl(`manifests/${index}`, "")) as {
    manifests: { digest: string; mediaType: string }[];
  };
  const [{ digest, mediaType }] = manifests as [{ digest: string; mediaType: string }];
  const manifest = await curl(`manifests/${digest}`, "");
  await curl(
    `manifests/${tag}`,
    `--fail --request PUT --header 'Content-Type: ${mediaType}' --data-binary '${manifest}'`,
  );
  return digest;
}
