import { Link, type HeadProps, type PageProps } from "gatsby";
import * as React from "react";

import { Layout } from "../components/layout";
import { Seo } from "../components/seo";
import { pathOf, steps } from "../steps";

interface StepContext {
  /** Position in the list of steps. */
  readonly index: number;
}

export default function StepPage({ pageContext: { index } }: PageProps<object, StepContext>) {
  const step = steps[index];
  const previous = steps[index - 1];
  const next = steps[index + 1];
  return (
    <Layout>
      <article className="article">
        <p className="eyebrow">
          Step {index + 1} of {steps.length}
        </p>
        <h1>{step.title}</h1>
        <p className="lead">{step.summary}</p>
        {step.paragraphs.map((paragraph) => (
          <p key={paragraph}>{paragraph}</p>
        ))}
        <p>
          Made with <code>{step.resource}</code>. To see it:
        </p>
        <pre tabIndex={0}>
          <code>{step.command}</code>
        </pre>
        <nav className="pager" aria-label="Steps">
          {previous === undefined ? null : (
            <Link to={pathOf(previous)} rel="prev" className="pager__link">
              ← {previous.title}
            </Link>
          )}
          {next === undefined ? null : (
            <Link to={pathOf(next)} rel="next" className="pager__link pager__link--next">
              {next.title} →
            </Link>
          )}
        </nav>
      </article>
    </Layout>
  );
}

export function Head({ location, pageContext: { index } }: HeadProps<object, StepContext>) {
  const { title, summary } = steps[index];
  return <Seo title={title} description={summary} path={location.pathname} />;
}
