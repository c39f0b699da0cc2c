import { graphql, useStaticQuery } from "gatsby";
import * as React from "react";

interface SeoProps {
  /** Of the page; without it, the site's. */
  readonly title?: string;
  /** @default the site's */
  readonly description?: string;
  /** Path of the page. A page without one, such as 404, has no canonical address. */
  readonly path?: string;
}

/** Elements of a page's head: export it from the page as `Head`. */
export function Seo({ title, description, path }: SeoProps) {
  const { site } = useStaticQuery<Data>(graphql`
    query {
      site {
        siteMetadata {
          title
          description
          siteUrl
        }
      }
    }
  `);
  const { siteMetadata } = site;
  const fullTitle = title === undefined ? siteMetadata.title : `${title} – ${siteMetadata.title}`;
  return (
    <>
      <html lang="en" />
      <title>{fullTitle}</title>
      <meta name="description" content={description ?? siteMetadata.description} />
      <meta property="og:title" content={fullTitle} />
      <meta property="og:type" content="website" />
      <meta name="theme-color" content="#0d2740" />
      <link rel="icon" href="/favicon.svg" type="image/svg+xml" />
      {path === undefined ? null : (
        <link rel="canonical" href={new URL(path, siteMetadata.siteUrl).href} />
      )}
    </>
  );
}

interface Data {
  readonly site: {
    readonly siteMetadata: {
      readonly title: string;
      readonly description: string;
      readonly siteUrl: string;
    };
  };
}
