/** A page as `gatsby build` leaves it. */
interface Page {
  readonly path: string;
  /** Addresses of a client-only route. */
  readonly matchPath?: string;
}

/** Files of an output folder with these pages. Each has its path as its content. */
export function buildOutput(pages: readonly Page[], prefix = ""): Record<string, string> {
  const scripts = `<script src="${prefix}/app-0123456789abcdef0123.js"></script>`;
  const files: Record<string, string> = { "app-0123456789abcdef0123.js": "app();" };
  for (const page of pages) {
    const folder = page.path.replace(/^\/|\/$/g, "");
    files[`page-data/${folder || "index"}/page-data.json`] = JSON.stringify(page);
    const file = page.path.endsWith(".html") ? folder : `${folder}/index.html`;
    files[file.replace(/^\//, "")] = `${page.path} ${scripts}`;
  }
  return files;
}

/** Pages that most sites have. */
export const usualPages: readonly Page[] = [
  { path: "/" },
  { path: "/about/" },
  { path: "/tags/machine learning/" },
  { path: "/tags/über uns/" },
  { path: '/tags/the "other" list/' },
  { path: "/404.html" },
  { path: "/app/[...]/", matchPath: "/app/*" },
  { path: "/orders/[id]/", matchPath: "/orders/:id" },
  { path: "/orders/new/" },
];

/** The same without slashes at the end. */
export const pagesWithoutSlash = usualPages.map((page) => ({
  ...page,
  path: page.path === "/" ? "/" : page.path.replace(/\/$/, ""),
}));
