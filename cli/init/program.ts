import { existsSync } from "node:fs";
import { join, posix } from "node:path";

import type { GitLabProject } from "./gitRemote";
import type { Manifest } from "./manifest";
import type { OwnDockerfile } from "./ownDockerfile";
import { renderValue } from "./yamlText";

/** What the files of a program say. Paths are relative to the repository's top. */
export interface ProgramOptions {
  /** Name of the Pulumi project. */
  readonly name: string;
  /** Folder of the program. */
  readonly folder: string;
  /** Stacks, in the order in which a release goes through them. */
  readonly stacks: readonly string[];
  readonly gitlab?: GitLabProject;
  /** Registry, `host[:port]`. */
  readonly registry?: string;
  /** Name of the image below the project's own, if the repository has several sites. */
  readonly imageName?: string;
  /** Folder that is the build's context. */
  readonly context: string;
  readonly dockerfile: string;
  /** Path below which the image serves the pages; empty for the root of the host. */
  readonly pathPrefix?: string;
  /** Folder of the site. */
  readonly site: string;
  /** What is known of the image's own web server, if its Dockerfile is not ours. */
  readonly ownServer?: Pick<OwnDockerfile, "port" | "userId">;
  readonly manifest?: Manifest;
  /** Dependencies of the program, by name. */
  readonly dependencies: Readonly<Record<string, string>>;
  /** Whether the program has an entry of its own already. @default false */
  readonly hasEntry?: boolean;
  /** Further lines about the site that could not be found out, without `#`. */
  readonly remarks: readonly string[];
}

/**
 * Whether a program is in TypeScript, as earlier versions of Slipway wrote it. Node would take an `index.js` beside it
 * for the program.
 */
export function hasTypeScriptEntry(root: string, folder: string): boolean {
  return existsSync(join(root, folder, "index.ts"));
}

/** The files of a program that deploys a site, by their path. */
export function renderProgram(options: ProgramOptions): Record<string, string> {
  const { folder, stacks } = options;
  const stackFiles = stacks.map((stack, index) => [
    `Pulumi.${stack}.yaml`,
    renderStack(options, stack, stacks[index - 1]),
  ]);
  const files: Record<string, string> = {
    "Pulumi.yaml": renderProject(options),
    ...(Object.fromEntries(stackFiles) as Record<string, string>),
    "package.json": renderPackage(options),
    // In TypeScript, each preview would check the types of all SDKs for one line, which takes longer than the preview.
    ...(options.hasEntry ? {} : { "index.js": 'module.exports = require("slipway/program");\n' }),
    ".gitignore": "node_modules/\n.pulumi/\n.slipway/\n",
  };
  const paths = Object.entries(files).map(([file, text]) => [posix.join(folder, file), text]);
  return Object.fromEntries(paths) as Record<string, string>;
}

function renderProject(options: ProgramOptions): string {
  const { context, dockerfile, folder, gitlab, imageName, registry } = options;
  const { manifest, ownServer } = options;
  const resources = manifest?.resources;
  const relative = (path: string): string => posix.relative(folder, path) || ".";
  return [
    `name: ${renderValue(options.name)}`,
    "description: A Gatsby site, from a GitLab Container Registry to Kubernetes",
    "runtime:",
    "  name: nodejs",
    "  options:",
    "    packagemanager: npm",
    "    typescript: false",
    "    nodeargs: --require slipway/compile-cache",
    "# What all stacks have in common. The file of a stack, Pulumi.<stack>.yaml, wins.",
    "config:",
    ...(gitlab === undefined
      ? renderMissing(
          "project",
          "group/site",
          "Path of the GitLab project: git has no remote that names it.",
        )
      : renderKey("project", gitlab.path)),
    ...(registry === undefined
      ? renderMissing(
          "registry",
          "gitlab.example.com:5050",
          "Container registry as images name it. The project's page Deploy > Container registry shows it.",
        )
      : renderKey("registry", registry)),
    ...(gitlab === undefined
      ? renderMissing(
          "gitlab:baseUrl",
          "https://gitlab.example.com/api/v4/",
          "Address of GitLab's API.",
        )
      : renderKey("gitlab:baseUrl", `${gitlab.url}/api/v4/`)),
    ...(imageName === undefined ? [] : renderKey("imageName", imageName)),
    ...renderKey("siteDirectory", relative(context)),
    ...(dockerfile === posix.join(context, "Dockerfile")
      ? []
      : renderKey("dockerfile", relative(dockerfile))),
    ...(options.pathPrefix ? renderKey("pathPrefix", options.pathPrefix) : []),
    ...(ownServer === undefined ? [] : renderOwnServer(ownServer, manifest?.readinessPath)),
    ...(resources === undefined ? [] : renderKey("resources", resources)),
    ...options.remarks.map((remark) => `  # ${remark}`),
    "",
  ].join("\n");
}

/** The keys of an image with a web server of its own, as far as they differ from their defaults. */
function renderOwnServer(
  { port, userId }: NonNullable<ProgramOptions["ownServer"]>,
  readinessPath = "/",
): string[] {
  return [
    ...renderKey("webServer", "image"),
    ...(port === undefined || port === 8080 ? [] : renderKey("containerPort", port)),
    ...(userId === undefined ? [] : renderKey("userId", userId)),
    ...(readinessPath === "/" ? [] : renderKey("readinessPath", readinessPath)),
  ];
}

function renderKey(key: string, value: unknown): string[] {
  return [`  ${key}:`, `    value: ${renderValue(value)}`];
}

function renderMissing(key: string, example: string, reason: string): string[] {
  return [`  # ${reason}`, `  # ${key}:`, `  #   value: ${example}`];
}

function renderStack(options: ProgramOptions, stack: string, before: string | undefined): string {
  const { manifest, name, stacks } = options;
  const isLast = stack === stacks.at(-1);
  const key = (key: string, value: unknown): string => `  ${name}:${key}: ${renderValue(value)}`;
  const tier = isLast ? "production" : before === undefined ? "development" : "staging";
  const skipsStaging = isLast && stacks.length < 3;
  const found = isLast && manifest !== undefined ? renderManifest(manifest, key) : [];
  const lines = [
    key("tier", tier),
    ...(skipsStaging ? [key("skipStaging", "true")] : []),
    ...(before === undefined ? [] : [key("release", "promote"), key("promoteFrom", before)]),
    ...found,
    ...(manifest?.host === undefined
      ? [
          `  # Host name under which an Ingress serves the site.`,
          `  # ${name}:host: www.example.com`,
        ]
      : []),
  ];
  return ["config:", ...lines, ""].join("\n");
}

/** What a manifest says about the place that it is deployed to, which is production's. */
function renderManifest(
  manifest: Manifest,
  key: (key: string, value: unknown) => string,
): string[] {
  const { host, ingressClass, namespace, replicas, tlsSecret } = manifest;
  const values = { namespace, replicas, host, tlsSecret, ingressClass };
  const lines = Object.entries(values)
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => key(name, typeof value === "number" ? String(value) : value));
  const files = manifest.files.map((file) => `\`${file}\``).join(", ");
  return lines.length === 0 ? [] : [`  # From ${files}:`, ...lines];
}

function renderPackage({ dependencies, name }: ProgramOptions): string {
  return renderJson({
    name: `${name}-deploy`,
    private: true,
    dependencies,
    // Finds the line of a syntax error in a page.
    devDependencies: { typescript: "^5.9.3" },
  });
}

function renderJson(value: unknown): string {
  return `${JSON.stringify(value, undefined, 2)}\n`;
}
