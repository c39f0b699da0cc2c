import type { HeadFC } from "gatsby";
import * as React from "react";

import { Layout } from "../components/layout";
import { Seo } from "../components/seo";

export default function AboutPage() {
  return (
    <Layout>
      <article className="article">
        <h1>About Slipway</h1>
        <p className="lead">
          A slipway is the ramp on which a ship is built and from which it is launched. This one is
          for static sites.
        </p>

        <h2>Who it is for</h2>
        <p>
          Web teams that keep a Gatsby site in GitLab, often a self-hosted one with a certificate
          authority of its own, and that have a Kubernetes cluster to run it on. They use the
          program as it is, or take its components into theirs.
        </p>

        <h2>What it promises</h2>
        <dl className="facts">
          <dt>Same content, same image</dt>
          <dd>No file changed means nothing to build, to push or to roll out.</dd>
          <dt>Built once</dt>
          <dd>
            Staging and production run the digest that was proven before, not a second build of it.
          </dd>
          <dt>Least privilege</dt>
          <dd>The cluster can read one project&rsquo;s images, and nothing more.</dd>
          <dt>An answer, not a hang</dt>
          <dd>What fails says so soon, with the reason and what to do about it.</dd>
        </dl>

        <h2>Make this site yours</h2>
        <p>
          Put your own Gatsby site into the folder <code>site/</code>, and keep its{" "}
          <code>Dockerfile</code>, <code>nginx.conf</code> and <code>.dockerignore</code>.
          Everything else here, pages, pictures and styles, is a sample.
        </p>
      </article>
    </Layout>
  );
}

export const Head: HeadFC = ({ location }) => <Seo title="About" path={location.pathname} />;
