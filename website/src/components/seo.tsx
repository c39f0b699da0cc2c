import * as React from "react";

interface SeoProps {
  /** Of the page; without it, the site's. */
  readonly title?: string;
  readonly description?: string;
}

const longestDescription = 155;

/** Elements of a page's head: export it from the page as `Head`. */
export function Seo({ description = "", title }: SeoProps) {
  const isLong = description.length > longestDescription;
  const short = description.slice(0, longestDescription).replace(/\s+\S*$/, " …");
  return (
    <>
      <html lang="en" />
      <title>{title === undefined || title === "Slipway" ? "Slipway" : `${title} – Slipway`}</title>
      <meta name="description" content={isLong ? short : description} />
      <meta name="theme-color" content="#0d2740" />
      <link rel="icon" href="/favicon.svg" type="image/svg+xml" />
    </>
  );
}
