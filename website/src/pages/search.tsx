import { Link, type HeadFC, type PageProps } from "gatsby";
import * as React from "react";

import { HitText } from "../components/hitText";
import { Layout } from "../components/layout";
import { Seo } from "../components/seo";
import { type Hit, search } from "../search/search";

const shownHits = 50;

/** Everything that is found for the query `q`. */
export default function SearchPage({ location }: PageProps) {
  const [hits, setHits] = React.useState<readonly Hit[]>([]);
  const [query, setQuery] = React.useState("");
  const [status, setStatus] = React.useState("");

  React.useEffect(() => {
    const wanted = new URLSearchParams(location.search).get("q")?.trim() ?? "";
    let isCurrent = true;
    const show = (found: readonly Hit[], text: string): void => {
      if (!isCurrent) return;
      setHits(found);
      setStatus(text);
    };
    setQuery(wanted);
    if (wanted === "") show([], "Type into the search field what you look for.");
    else {
      search(wanted, shownHits).then(
        (found) => show(found, found.length === 0 ? "Nothing was found." : ""),
        () => show([], "The search could not be loaded. Load the page again to try again."),
      );
    }
    return () => {
      isCurrent = false;
    };
  }, [location.search]);

  return (
    <Layout>
      <h1>{query === "" ? "Search" : `Search: ${query}`}</h1>
      <noscript>
        <p>The search needs JavaScript. All pages are in the navigation.</p>
      </noscript>
      <p role="status">{status}</p>
      <ol className="found">
        {hits.map((hit) => (
          <li key={hit.id}>
            <Link to={hit.id}>
              <HitText {...hit} />
            </Link>
          </li>
        ))}
      </ol>
    </Layout>
  );
}

export const Head: HeadFC = () => <Seo title="Search" description="Searches the documentation." />;
