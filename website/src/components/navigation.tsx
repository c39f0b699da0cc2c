import { graphql, Link, useStaticQuery } from "gatsby";
import * as React from "react";

interface PageLink {
  readonly address: string;
  readonly title: string;
}

interface Data {
  readonly navigation: {
    readonly questions: readonly {
      readonly question: string;
      readonly pages: readonly PageLink[];
    }[];
    readonly others: readonly PageLink[];
  };
}

/** The README's questions, each with the pages that answer it, and the other pages. */
export function Navigation() {
  const { navigation } = useStaticQuery<Data>(graphql`
    query {
      navigation {
        questions {
          question
          pages {
            address
            title
          }
        }
        others {
          address
          title
        }
      }
    }
  `);
  return (
    <nav id="pages" className="navigation" aria-label="Pages">
      <ul>
        {navigation.questions.map(({ pages: [first, ...more], question }) => (
          <li key={question}>
            <NavigationLink address={first.address} title={question} />
            {more.map((page) => (
              <NavigationLink key={page.address} {...page} />
            ))}
          </li>
        ))}
      </ul>
      <h2>More</h2>
      <ul>
        {navigation.others.map((page) => (
          <li key={page.address}>
            <NavigationLink {...page} />
          </li>
        ))}
      </ul>
    </nav>
  );
}

function NavigationLink({ address, title }: PageLink) {
  return (
    <Link to={address} className="navigation__link" activeClassName="navigation__link--active">
      {title}
    </Link>
  );
}
