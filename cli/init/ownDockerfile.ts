import { posix } from "node:path";

import { listAncestors, readText, type Repository } from "./repository";

/** A Dockerfile that a repository has already. */
export interface OwnDockerfile {
  readonly file: string;
  /** Port on which the image listens: the first of `EXPOSE` in the last stage, or else its base's own. */
  readonly port?: number;
  /** Number of the user that the image runs as; undefined if it runs as root, or as a name of unknown number. */
  readonly userId?: number;
  /** Major version of Node that the site is built with. */
  readonly nodeMajor?: number;
  /** Whether `slipway init` wrote it. */
  readonly isOurs: boolean;
}

/** Ports of official images with a web server, by their repository: their `EXPOSE` is not in a site's Dockerfile. */
const basePorts: Readonly<Record<string, number>> = {
  caddy: 80,
  httpd: 80,
  nginx: 80,
  "nginxinc/nginx-unprivileged": 8080,
};

/** Numbers of the users that these images have, by image and name. */
const baseUsers: Readonly<Record<string, number>> = {
  "nginx nginx": 101,
  "nginxinc/nginx-unprivileged nginx": 101,
  "node node": 1000,
};

/** Name of our Dockerfile where the site's folder has one already, which stays. */
const otherDockerfile = "Dockerfile.slipway";

/** Where a site's Dockerfile is written, so that none is overwritten. */
export function placeDockerfile({ files }: Repository, site: string): string {
  const usual = posix.join(site, "Dockerfile");
  return files.includes(usual) ? posix.join(site, otherDockerfile) : usual;
}

/** The Dockerfile of a site: in its folder, or in the nearest one above. Ours beside another one comes first. */
export function findDockerfile(repository: Repository, site: string): OwnDockerfile | undefined {
  const file = listAncestors(site)
    .flatMap((folder) => [otherDockerfile, "Dockerfile"].map((name) => posix.join(folder, name)))
    .find((path) => repository.files.includes(path));
  if (file === undefined) return undefined;
  const lines = (readText(repository, file) ?? "").replace(/\\\r?\n/g, " ").split(/\r?\n/);
  const last = lines.findLastIndex((line) => /^\s*FROM\s/i.test(line));
  const stage = lines.slice(last);
  const base = readBase(lines[last] ?? "")?.repository ?? "";
  return {
    file,
    port: findPort(stage) ?? basePorts[base],
    userId: findUser(stage, base),
    nodeMajor: findNode(lines),
    isOurs: lines.some((line) => /^COPY .*\/usr\/local\/bin\/with-env$/.test(line)),
  };
}

/** The image of a `FROM`, without the host and the folder of Docker's own. */
function readBase(line: string): { readonly repository: string; readonly tag: string } | undefined {
  const [, repository, tag = ""] =
    /^\s*FROM\s+(?:--\S+\s+)*(?:docker\.io\/)?(?:library\/)?([^\s:@]+)(?::([^\s@]+))?/i.exec(
      line,
    ) ?? [];
  return repository === undefined ? undefined : { repository, tag };
}

function findPort(stage: readonly string[]): number | undefined {
  const [port] = stage.flatMap((line) => /^\s*EXPOSE\s+(\d+)/i.exec(line)?.[1] ?? []);
  return port === undefined ? undefined : Number(port);
}

/** The user of the last `USER`, unless it is root. */
function findUser(stage: readonly string[], base: string): number | undefined {
  const name = stage.flatMap((line) => /^\s*USER\s+([\w.-]+)/i.exec(line)?.[1] ?? []).at(-1);
  if (name === undefined) return undefined;
  const id = /^\d+$/.test(name) ? Number(name) : baseUsers[`${base} ${name}`];
  return id === 0 ? undefined : id;
}

function findNode(lines: readonly string[]): number | undefined {
  const majors = lines.flatMap((line) => {
    const { repository, tag = "" } = readBase(line) ?? {};
    return repository === "node" ? (/^\d+/.exec(tag)?.[0] ?? []) : [];
  });
  return majors[0] === undefined ? undefined : Number(majors[0]);
}
