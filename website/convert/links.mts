import { posix } from "node:path";

/** What a page's links may lead to. */
export interface LinkTargets {
  /** Addresses on the site, by the files of its pages. */
  readonly addresses: ReadonlyMap<string, string>;

  /** Whether the repository has a file or a folder that is no page. */
  readonly exists: (path: string) => boolean;

  /** Address at which the repository's files can be seen, such as `https://gitlab.com/a/b/-/blob/main`. */
  readonly repositoryUrl?: string;
}

/** Where a link leads, on the site. */
export type Link =
  | { readonly kind: "external"; readonly href: string }
  | { readonly kind: "page"; readonly href: string; readonly file: string; readonly anchor: string }
  /** A file of the repository; without a `href` if it is not known where that can be seen. */
  | { readonly kind: "file"; readonly href?: string; readonly file: string }
  | { readonly kind: "broken"; readonly reason: string };

/**
 * Resolves a link of a Markdown file.
 *
 * @param from the file, relative to the repository's top folder
 */
export function resolveLink(from: string, link: string, targets: LinkTargets): Link {
  if (/^(?:[a-z][a-z\d+.-]*:|\/\/)/i.test(link)) return { kind: "external", href: link };
  const [path, anchor = ""] = link.split("#", 2).map(decodeURIComponent);
  const target = path === "" ? from : posix.join(posix.dirname(from), path).replace(/\/$/, "");
  if (path.startsWith("/") || target === ".." || target.startsWith("../")) {
    return { kind: "broken", reason: "it leads out of the repository" };
  }
  // A folder stands for its README, as it does where the repository is shown.
  const file = [target, posix.join(target, "README.md")].find((one) => targets.addresses.has(one));
  if (file !== undefined) {
    const href = `${targets.addresses.get(file)}${anchor === "" ? "" : `#${anchor}`}`;
    return { kind: "page", href, file, anchor };
  }
  if (!targets.exists(target)) return { kind: "broken", reason: `there is no ${target}` };
  const fragment = anchor === "" ? "" : `#${anchor}`;
  const { repositoryUrl } = targets;
  return {
    kind: "file",
    file: target,
    href: repositoryUrl && `${repositoryUrl.replace(/\/$/, "")}/${target}${fragment}`,
  };
}
