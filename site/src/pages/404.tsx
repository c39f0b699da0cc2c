import { Link, type HeadFC } from "gatsby";
import * as React from "react";

import { Layout } from "../components/layout";
import { Seo } from "../components/seo";

export default function NotFoundPage() {
  return (
    <Layout>
      <article className="article">
        <p className="eyebrow">404</p>
        <h1>This page is not aboard</h1>
        <p className="lead">It has moved, or it was never here.</p>
        <p>
          <Link to="/" className="button">
            Back to the start
          </Link>
        </p>
      </article>
    </Layout>
  );
}

export const Head: HeadFC = () => <Seo title="Not found" />;
