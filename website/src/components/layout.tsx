import { Link } from "gatsby";
import * as React from "react";

import "../styles/website.css";
import "../styles/article.css";
import "../styles/search.css";
import { Navigation } from "./navigation";
import { SearchBox } from "./searchBox";

/** What surrounds every page. On a phone the navigation is below the page, and a link leads to it. */
export function Layout({ children }: React.PropsWithChildren) {
  return (
    <>
      <a className="skip-link" href="#content">
        Skip to content
      </a>
      <header className="header">
        <Link to="/" className="brand">
          <img src="/favicon.svg" alt="" width="28" height="28" />
          Slipway
        </Link>
        <a className="header__pages" href="#pages">
          All pages
        </a>
        <SearchBox />
      </header>
      <div className="columns">
        <main id="content" tabIndex={-1}>
          {children}
        </main>
        <Navigation />
      </div>
    </>
  );
}
