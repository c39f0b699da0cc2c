import { tryGit } from "../../components/image/gitCheckout";
import type { Repository } from "./repository";

/** Where GitLab is, and which project of it a repository belongs to. */
export interface GitLabProject {
  /** Address of GitLab, e.g. `https://gitlab.example.com`. */
  readonly url: string;
  /** Path of the project, e.g. `group/subgroup/site`. */
  readonly path: string;
}

/** The project that the remote `origin` names, or else the only remote. */
export function findGitLabProject({ root }: Repository): GitLabProject | undefined {
  const names = tryGit(root, ["remote"])?.split("\n").filter(Boolean) ?? [];
  const name = names.includes("origin") ? "origin" : names.length === 1 ? names[0] : undefined;
  if (name === undefined) return undefined;
  const url = tryGit(root, ["remote", "get-url", name])?.trim();
  return url === undefined ? undefined : parseRemote(url);
}

/**
 * Reads the address of a remote: `https://`, `http://`, `ssh://` or `git@host:path`. The port of ssh says
 * nothing about the port of https; credentials in the address are left out.
 *
 * @returns undefined for an address without a host, or without a group and a project
 * @see https://git-scm.com/docs/git-clone#_git_urls
 */
export function parseRemote(remote: string): GitLabProject | undefined {
  const short = /^(?:[^@/]+@)?(?<host>\[[^\]]+\]|[^:/[\]]+):(?!\/\/)(?<path>.*)$/.exec(remote);
  if (short?.groups) return build(`https://${short.groups.host}`, short.groups.path);
  if (!/^(https?|ssh|git\+ssh):\/\//.test(remote) || !URL.canParse(remote)) return undefined;
  const { host, hostname, pathname, protocol } = new URL(remote);
  const isWeb = protocol.startsWith("http");
  return build(isWeb ? `${protocol}//${host}` : `https://${hostname}`, pathname);
}

/** Services that are not GitLab: no token for GitLab may be sent there. */
const others =
  /\/\/(?:[^/]+\.)?(github\.com|bitbucket\.org|codeberg\.org|azure\.com|sourcehut\.org)(:|$)/;

function build(url: string, pathname: string): GitLabProject | undefined {
  if (others.test(url)) return undefined;
  const path = decodeURIComponent(pathname)
    .replace(/^\/+|\/+$/g, "")
    .replace(/\.git$/, "");
  return path.includes("/") ? { url, path } : undefined;
}
