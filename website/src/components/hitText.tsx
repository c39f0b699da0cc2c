import * as React from "react";

import type { Hit } from "../search/search";

/** Heading, page and excerpt of a section that was found. */
export function HitText({ excerpt: [before, match, after], heading, page }: Hit) {
  return (
    <>
      <span className="hit__heading">{heading}</span>
      {heading === page ? null : <span className="hit__page">{page}</span>}
      <span className="hit__excerpt">
        {before}
        <mark>{match}</mark>
        {after}
      </span>
    </>
  );
}
