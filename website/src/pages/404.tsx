import type { HeadFC } from "gatsby";
import * as React from "react";

import { Layout } from "../components/layout";
import { Seo } from "../components/seo";

export default function NotFoundPage() {
  return (
    <Layout>
      <h1>There is no such page</h1>
      <p>It may have another name now: the search and the navigation have all pages.</p>
    </Layout>
  );
}

export const Head: HeadFC = () => <Seo title="Not found" />;
