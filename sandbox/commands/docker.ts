import { writeWrapper } from "../pulumi/environment";
import { dockerAddress, startDocker } from "../services/docker";
import { ensureTools } from "../tools/ensure";
import { ensureTrust } from "../host/trust";
import { startSandbox } from "./up";

/** `make docker`: a Docker engine in the sandbox, beside what `make up` starts, and a `docker` to use it. */
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
  // The engine's own: a newer one of the machine may no longer speak with it.
  // Its address is for `docker` alone: the docker-build plugin takes DOCKER_HOST for an input of its
  // provider, and another value of it would replace every image and tag.
  const useEngine = `\n  export DOCKER_HOST='${dockerAddress(instance)}'`;
  writeWrapper(instance, "docker", programs.docker, useEngine);
}
