import { mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";

import { pathWithoutSandboxes, pulumiFolders } from "./environment";
import { repository, type Instance } from "../host/instance";
import { selectPlugin } from "../plugins/select";
import type { Programs } from "../tools/programs";

/** Providers whose official plugins are not on any package registry. */
const selected = ["kubernetes", "gitlab"] as const;

/** The newest version that the module proxy has. */
const languageHostVersion = "3.60.0";

/**
 * Installs Pulumi's plugins.
 *
 * @returns the source of each plugin
 */
export async function installPlugins(
  instance: Instance,
  programs: Programs,
  environment: Readonly<Record<string, string>>,
): Promise<string> {
  const { home } = pulumiFolders(instance);
  // The folder of `pulumi plugin install`: plugins on PATH work too, but Pulumi then warns each time.
  const plugins = join(home, "plugins");
  const folder = `resource-docker-build-v${versionOf("docker-build")}`;
  link(programs.dockerBuildPlugin, join(plugins, folder, "pulumi-resource-docker-build"));
  const language = `language-nodejs-v${languageHostVersion}`;
  writeLanguageHost(join(plugins, language, "pulumi-language-nodejs"), programs.languageHost);
  const dynamic = `resource-pulumi-nodejs-v${versionOf("pulumi")}`;
  writeDynamicProvider(join(plugins, dynamic, "pulumi-resource-pulumi-nodejs"));

  const found = await Promise.all(
    selected.map((name) =>
      selectPlugin({
        name,
        version: versionOf(name),
        path: pathWithoutSandboxes(),
        pulumiHome: home,
        pulumi: programs.pulumi,
        cacheDirectory: join(instance.root, "plugins"),
        environment: { ...process.env, ...environment },
      }),
    ),
  );
  const dockerBuild = { name: "docker-build", source: programs.dockerBuildPluginSource };
  return [...found, dockerBuild].map(({ name, source }) => `${name}: ${source}`).join(", ");
}

/** Returns the version of a provider's package, which is the plugin's version too. */
function versionOf(provider: string): string {
  const file = join(repository, "node_modules", "@pulumi", provider, "package.json");
  return (JSON.parse(readFileSync(file, "utf8")) as { version: string }).version;
}

/**
 * Writes the executable that starts the language host. Pulumi's engine sends the runtime's options in Pulumi.yaml with each
 * request. This language host is older and takes them from its command line, so the script reads them.
 */
function writeLanguageHost(file: string, program: string): void {
  const lines = [
    "#!/bin/sh",
    `option() { sed -n "s/^    $1: *//p" Pulumi.yaml 2>/dev/null; }`,
    "typescript=$(option typescript)",
    `exec '${program}' -typescript="\${typescript:-true}" -nodeargs="$(option nodeargs)" "$@"`,
  ];
  mkdirSync(dirname(file), { recursive: true });
  rmSync(file, { force: true });
  writeFileSync(file, `${lines.join("\n")}\n`, { mode: 0o755 });
}

/**
 * Writes the executable of the dynamic provider, which runs the program's own resources. The provider is in
 * `@pulumi/pulumi`. Pulumi's download has a script that finds it, but a CLI built from the Go modules doesn't. This
 * script also ends with the engine, even a killed one, because the kernel then closes the pipe to its stdin.
 */
export function writeDynamicProvider(file: string): void {
  writeModuleRunner(file, "dynamic-provider");
}

/** Writes an executable that runs a command of the `@pulumi/pulumi` which the working directory finds. */
export function writeModuleRunner(file: string, command: string): void {
  const program = [
    'const stdin = require("fs").fstatSync(0)',
    "const end = () => process.exit()",
    'if (stdin.isFIFO() || stdin.isSocket()) process.stdin.on("end", end).on("close", end).resume()',
    `require(require.resolve("@pulumi/pulumi/cmd/${command}", { paths: [process.cwd()] }))`,
  ].join("; ");
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, `#!/bin/sh\nexec node -e '${program}' ${command} "$@"\n`, {
    mode: 0o755,
  });
}

function link(target: string, file: string): void {
  mkdirSync(dirname(file), { recursive: true });
  rmSync(file, { force: true });
  symlinkSync(target, file);
}
