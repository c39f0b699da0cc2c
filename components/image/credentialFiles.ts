import * as path from "node:path";

/** Ends of names of files that only hold keys. They are binary, so that their content says nothing. */
const keyStores = new Set([".jks", ".kdbx", ".keystore", ".p12", ".pfx"]);

/** Names of files that only hold credentials, with what they are. */
const credentialNames: Readonly<Record<string, string>> = {
  ".git-credentials": "a file of git's credentials",
  ".netrc": "a file of logins",
  _netrc: "a file of logins",
  ".pgpass": "a file of database passwords",
  ".vault-token": "a token of Vault",
};

/** Ends of names of text files that may hold credentials. Pages are none: they may show an example of a key. */
const textEndings = new Set([
  "",
  ".asc",
  ".cer",
  ".cfg",
  ".conf",
  ".config",
  ".crt",
  ".env",
  ".ini",
  ".json",
  ".key",
  ".kubeconfig",
  ".p8",
  ".pem",
  ".ppk",
  ".properties",
  ".tfstate",
  ".toml",
  ".txt",
  ".yaml",
  ".yml",
]);

/** What is in a file of credentials, by a pattern of its content. */
const contents: readonly [kind: string, ...patterns: RegExp[]][] = [
  // At the beginning of a line, or of a text in JSON or in YAML.
  ["a private key", /(?:^|["'])\s*-----BEGIN [A-Z ]*PRIVATE KEY(?: BLOCK)?-----/m],
  ["a private key", /^PuTTY-User-Key-File-\d/],
  ["a kubeconfig", /(?:^|[{,])\s*["']?kind["']?\s*:\s*["']?Config\b/m, /\bclusters["']?\s*:/],
  ["a file of Pulumi's credentials", /"accessTokens"\s*:/],
  [
    "a file of Docker's logins",
    /"auths"\s*:/,
    /"(?:auth|identitytoken|password|registrytoken)"\s*:\s*"[^"]/,
  ],
  [
    "a file of Google Cloud's credentials",
    /"type"\s*:\s*"(?:authorized_user|external_account|service_account)"/,
    /"(?:refresh_token|private_key|credential_source)"\s*:/,
  ],
  ["a file of AWS' credentials", /^\s*(?:export\s+)?aws_secret_access_key\s*=\s*\S/im],
  ["a state of Terraform", /"terraform_version"\s*:/, /"lineage"\s*:/],
];

/** Tokens that can be recognized wherever they are. */
const tokens: readonly [kind: string, pattern: RegExp][] = [
  ["a token of GitLab", /\bgl(?:agent|cbt|dt|ft|oas|pat|ptt|rt|soat)-([\w-]{20,})/],
  ["a token of GitHub", /\b(?:gh[oprsu]|github_pat)_(\w{36,})/],
  ["a token of npm", /\bnpm_([A-Za-z0-9]{36})\b/],
  ["a token of Pulumi Cloud", /\bpul-([0-9a-f]{40})\b/],
];

/** Fewer different characters are a placeholder, such as `glpat-xxxxxxxxxxxxxxxxxxxx`. */
const leastDifferentCharacters = 8;

/** Whether a file's content decides if it holds credentials. */
export function mayHoldCredentials(file: string): boolean {
  const name = path.posix.basename(file).toLowerCase();
  return textEndings.has(path.posix.extname(name)) || name.startsWith(".env.");
}

/** What a file of credentials is, with its article, by its name alone. */
export function describeByName(file: string): string | undefined {
  const name = path.posix.basename(file);
  if (Object.hasOwn(credentialNames, name)) return credentialNames[name];
  return keyStores.has(path.posix.extname(file).toLowerCase()) ? "a store of keys" : undefined;
}

/** What a file of credentials is, with its article, by its content. */
export function describeByContent(text: string): string | undefined {
  return contents.find(([, ...patterns]) => patterns.every((pattern) => pattern.test(text)))?.[0];
}

/** What token is in a text, with its article. */
export function findToken(text: string): string | undefined {
  return tokens.find(([, pattern]) => {
    const found = pattern.exec(text)?.[1] ?? "";
    return new Set(found).size >= leastDifferentCharacters;
  })?.[0];
}
