import { inSandbox } from "./checkout";

const registry = "https://gitlab.thelinuxlabs.com:5050/v2";
const site = "web/gatsby-site";
const accept =
  "application/vnd.oci.image.index.v1+json, application/vnd.oci.image.manifest.v1+json";

/** Runs curl on a repository as the owner of the sandbox's GitLab token. */
function curl(path: string, options = "", repository = site): Promise<string> {
  const realm = `https://gitlab.thelinuxlabs.com/jwt/auth?service=container_registry&scope=repository:${repository}:pull,push`;
  return inSandbox(
    [
      `token=$(curl --silent --fail --cacert "$SSL_CERT_FILE" --user "root:$GITLAB_TOKEN" '${realm}' | sed -E 's/.*"token":"([^"]+)".*/\\1/')`,
      `curl --silent --cacert "$SSL_CERT_FILE" --header "Authorization: Bearer $token" --header 'Accept: ${accept}' ${options} '${registry}/${repository}/${path}'`,
    ].join("; "),
  );
}

/** Returns the digest of a tag or digest; empty if the registry doesn't have it. */
export async function digestOf(reference: string): Promise<string> {
  return digestIn(await curl(`manifests/${reference}`, "--head"));
}

function digestIn(headers: string): string {
  return /^docker-content-digest: (\S+)/im.exec(headers)?.[1] ?? "";
}

/** Lists all tags of the site and of its cache, with their digests. */
export async function listTags(): Promise<Record<string, string>> {
  const { tags } = JSON.parse(await curl("tags/list")) as { tags: string[] };
  const cache = await curl("manifests/layers", "--head", `${site}/cache`);
  const images = await Promise.all(tags.map(async (tag) => [tag, await digestOf(tag)]));
  return Object.fromEntries([...images, ["cache", digestIn(cache)]]) as Record<string, string>;
}

/** Points a tag to the first image of an index: another digest that the registry has already. */
export async function tagFirstImageOf(index: string, tag: string): Promise<string> {
  const { manifests } = JSON.parse(await curl(`manifests/${index}`)) as {
    manifests: { digest: string; mediaType: string }[];
  };
  const [{ digest, mediaType }] = manifests as [{ digest: string; mediaType: string }];
  const manifest = await curl(`manifests/${digest}`);
  await curl(
    `manifests/${tag}`,
    `--fail --request PUT --header 'Content-Type: ${mediaType}' --data-binary '${manifest}'`,
  );
  return digest;
}
