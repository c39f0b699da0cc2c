import type { HeadProps, PageProps } from "gatsby";
import * as React from "react";

import { Layout } from "../components/layout";
import { Seo } from "../components/seo";

interface PageContext {
  readonly title: string;
  readonly description: string;
  readonly html: string;
  readonly headings: readonly {
    readonly id: string;
    readonly level: number;
    readonly text: string;
  }[];
}

/** A page with fewer parts needs no list of them. */
const leastParts = 3;

/** A Markdown file of the repository. */
export default function Page({ pageContext }: PageProps<object, PageContext>) {
  const { headings, html } = pageContext;
  const parts = headings.filter(({ level }) => level === 2);
  return (
    <Layout>
      {parts.length < leastParts ? null : (
        <details className="parts">
          <summary>On this page</summary>
          <ul>
            {parts.map(({ id, text }) => (
              <li key={id}>
                <a href={`#${id}`}>{text}</a>
              </li>
            ))}
          </ul>
        </details>
      )}
      {/* The repository's own files, converted when the site is built. */}
      <article dangerouslySetInnerHTML={{ __html: html }} />
    </Layout>
  );
}

export function Head({ pageContext: { description, title } }: HeadProps<object, PageContext>) {
  return <Seo title={title} description={description} />;
}
