import { posix } from "node:path";

import { listAncestors, readText, type Repository } from "./repository";

/** A Dockerfile that a repository has already. */
export interface OwnDockerfile {
  readonly file: string;
  /** First port of `EXPOSE` in the last stage; undefined if there is none. */
  readonly port?: number;
  /** Whether `slipway init` wrote it. */
  readonly isOurs: boolean;
}

/** The Dockerfile of a site: in its folder, or in the nearest one above. */
export function findDockerfile(repository: Repository, site: string): OwnDockerfile | undefined {
  const file = listAncestors(site)
    .map((folder) => posix.join(folder, "Dockerfile"))
    .find((path) => repository.files.includes(path));
  if (file === undefined) return undefined;
  const lines = (readText(repository, file) ?? "").replace(/\\\r?\n/g, " ").split(/\r?\n/);
  const last = lines.findLastIndex((line) => /^\s*FROM\s/i.test(line));
  const ports = lines.slice(last).flatMap((line) => /^\s*EXPOSE\s+(\d+)/i.exec(line)?.[1] ?? []);
  return {
    file,
    port: ports.length === 0 ? undefined : Number(ports[0]),
    isOurs: lines.some((line) => /^COPY .*\/usr\/local\/bin\/with-env$/.test(line)),
  };
}
