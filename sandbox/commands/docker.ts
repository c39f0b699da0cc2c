import { writeWrapper } from "../pulumi/environment";
import { dockerAddress, startDocker } from "../services/docker";
import { ensureTools } from "../tools/ensure";
import { ensureTrust } from "../host/trust";
import { startSandbox } from "./up";

/**
 * `make docker`: starts a Docker engine in the sandbox, in addition to what `make up` starts, and adds a `docker`
 * command.
 */
export async function startDockerEngine(name?: string): Promise<void> {
  const tools = await ensureTools(["containerd", "docker", "dockerd", "slirp4netns"]);
  const { instance } = await startSandbox(name);
  const path = (tool: string): string => tools.get(tool)?.path ?? tool;
  const programs = {
    containerd: path("containerd"),
    docker: path("docker"),
    dockerd: path("dockerd"),
    slirp4netns: path("slirp4netns"),
  };
  await startDocker(instance, await ensureTrust(instance), programs);
  // Debian's own client, because a newer one on this machine may not support the engine's API. Only `docker` gets the
  // engine's address: the docker-build plugin treats DOCKER_HOST as an input of its provider, so another value would
  // replace every image and tag.
  const useEngine = `\n  export DOCKER_HOST='${dockerAddress(instance)}'`;
  writeWrapper(instance, "docker", programs.docker, useEngine);
}
