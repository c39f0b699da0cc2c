import { Command } from "commander";

import { printEnvironment } from "./commands/env";
import { startDns } from "./commands/dns";
import { startDockerEngine } from "./commands/docker";
import { clean, down } from "./commands/down";
import { makeImages } from "./commands/images";
import { startIngress } from "./commands/ingress";
import { startMetrics } from "./commands/metrics";
import { up } from "./commands/up";
import { checkMachine } from "./tools/machine";

const program = new Command("sandbox").description(
  "A world of one machine for the program to run in: GitLab (simulated), registry, BuildKit, Kubernetes.",
);
program
  .command("up")
  .description("start what isn't running, deploy stack `dev`, print the site's URL")
  .action(async () => {
    await checkMachine();
    console.log(`site: ${await up("dev")}`);
  });
program
  .command("docs")
  .description(
    "start what isn't running, deploy stack `docs`, print the URL of the documentation's site",
  )
  .action(async () => {
    await checkMachine();
    console.log(`docs: ${await up("docs")}`);
  });
program
  .command("down")
  .description("stop everything; what was stored stays")
  .action(() => down());
program
  .command("clean")
  .description("stop everything and delete what was stored")
  .action(() => clean());
program
  .command("docker")
  .description("start a Docker engine in the sandbox too, for the `docker` of `make env`")
  .action(() => startDockerEngine());
program
  .command("ingress")
  .description("start an Ingress controller in the sandbox too, for stacks with a `host`")
  .action(() => startIngress());
program
  .command("metrics")
  .description("start metrics-server in the sandbox too, for stacks with `autoscaling`")
  .action(() => startMetrics());
program
  .command("dns")
  .description("let CoreDNS answer the pods, in place of the sandbox's own DNS server")
  .action(() => startDns());
program
  .command("images")
  .description("create equivalents of further official images, for a Dockerfile that names them")
  .argument("<image...>", "such as `node:18` and `nginx:alpine`")
  .action((images: string[]) => makeImages(images));
program
  .command("env")
  .description("print `export` lines for a shell that is to work on the sandbox")
  .action(() => printEnvironment());

program.parseAsync().catch((error: unknown) => {
  console.error(error instanceof Error ? `error: ${error.message}` : error);
  process.exitCode = 1;
});
