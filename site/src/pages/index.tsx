import { Link, type HeadFC } from "gatsby";
import { StaticImage } from "gatsby-plugin-image";
import * as React from "react";

import { Layout } from "../components/layout";
import { Seo } from "../components/seo";
import { pathOf, steps } from "../steps";

export default function IndexPage() {
  return (
    <Layout>
      <section className="hero">
        <div className="hero__text">
          <p className="eyebrow">GitLab → Pulumi → Kubernetes</p>
          <h1>From a commit to a running site, in one&nbsp;launch.</h1>
          <p className="lead">
            Slipway builds a Gatsby site, pushes it to your GitLab Container Registry and runs it on
            your cluster, with credentials that it makes and renews itself.
          </p>
          <p className="actions">
            <Link to={pathOf(steps[0])} className="button">
              See how it works
            </Link>
            <Link to="/about/" className="button button--quiet">
              What it is for
            </Link>
          </p>
        </div>
        <StaticImage
          src="../images/slipway.png"
          alt="A container ship sliding down a slipway into the sea at sunrise"
          className="hero__image"
          layout="constrained"
          width={760}
          loading="eager"
          placeholder="blurred"
        />
      </section>

      <section className="section" aria-labelledby="steps">
        <h2 id="steps">Four steps, one command</h2>
        <ol className="cards">
          {steps.map((step) => (
            <li key={step.slug} className="card">
              <h3>
                <Link to={pathOf(step)} className="card__link">
                  {step.title}
                </Link>
              </h3>
              <p>{step.summary}</p>
              <code>{step.resource.split(".").at(-1)}</code>
            </li>
          ))}
        </ol>
      </section>

      <section className="section" aria-labelledby="try">
        <h2 id="try">Try it</h2>
        <p>
          No GitLab, cluster or cloud account at hand? The sandbox brings all of it to one Linux
          machine:
        </p>
        <pre tabIndex={0}>
          <code>{"make up\n# site: http://..."}</code>
        </pre>
      </section>
    </Layout>
  );
}

export const Head: HeadFC = ({ location }) => <Seo path={location.pathname} />;
