import { Link } from "gatsby";
import * as React from "react";

import { usePublicConfig } from "../publicConfig";
import "../styles/site.css";

const links = [
  { to: "/", label: "Home" },
  { to: "/about/", label: "About" },
] as const;

/** What surrounds every page: a link past the navigation, header, main part, footer. */
export function Layout({ children }: React.PropsWithChildren) {
  const { notice } = usePublicConfig();
  return (
    <>
      <a className="skip-link" href="#content">
        Skip to content
      </a>
      {notice === undefined ? null : (
        <p className="notice" role="status">
          {notice}
        </p>
      )}
      <header className="header">
        <div className="header__inner">
          <Link to="/" className="brand">
            <img src="/favicon.svg" alt="" width="32" height="32" />
            Slipway
          </Link>
          <nav aria-label="Main">
            <ul className="nav">
              {links.map(({ to, label }) => (
                <li key={to}>
                  <Link to={to} className="nav__link" activeClassName="nav__link--active">
                    {label}
                  </Link>
                </li>
              ))}
            </ul>
          </nav>
        </div>
      </header>
      <main id="content" tabIndex={-1}>
        {children}
      </main>
      <footer className="footer">
        <p>
          Built with Gatsby, shipped with Slipway. Make it yours: everything is in the folder site/.
        </p>
      </footer>
    </>
  );
}
