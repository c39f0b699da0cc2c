import { navigate } from "gatsby";
import * as React from "react";

import { type Hit, loadIndex, search } from "../search/search";
import { HitText } from "./hitText";

const shownHits = 8;

/** Whether a key that is pressed is for what has the focus, such as a field. */
function isTyping({ target }: KeyboardEvent): boolean {
  return target instanceof HTMLElement && target.matches("input, textarea, select");
}

/**
 * The search field, with what is found below it. `/` leads to it, the arrows choose, Enter opens what is chosen, or the
 * page with everything that was found; without scripts too, which says then what the search needs.
 */
export function SearchBox() {
  const field = React.useRef<HTMLInputElement>(null);
  const [hits, setHits] = React.useState<readonly Hit[]>([]);
  const [chosen, setChosen] = React.useState(-1);
  const [status, setStatus] = React.useState("");

  React.useEffect(() => {
    const focus = (event: KeyboardEvent): void => {
      if (event.key !== "/" || event.ctrlKey || event.metaKey || isTyping(event)) return;
      event.preventDefault();
      field.current?.focus();
    };
    document.addEventListener("keydown", focus);
    return () => document.removeEventListener("keydown", focus);
  }, []);

  const close = (): void => {
    setHits([]);
    setChosen(-1);
  };
  const find = async (query: string): Promise<void> => {
    try {
      const found = query.trim() === "" ? [] : await search(query, shownHits);
      // Another letter may have been typed meanwhile.
      if (field.current?.value !== query) return;
      close();
      setHits(found);
      const count = `${found.length} ${found.length === 1 ? "result" : "results"}`;
      setStatus(query.trim() === "" ? "" : found.length === 0 ? "Nothing was found." : count);
    } catch {
      setStatus("The search could not be loaded. Type another letter to try again.");
    }
  };
  const open = (address: string): void => {
    close();
    setStatus("");
    field.current?.blur();
    void navigate(address);
  };
  const choose = (event: React.KeyboardEvent): void => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (event.key === "Escape") close();
    if (step === undefined || hits.length === 0) return;
    event.preventDefault();
    // Above the first one the field itself is chosen.
    setChosen(((chosen + 1 + step + hits.length + 1) % (hits.length + 1)) - 1);
  };
  const submit = (event: React.FormEvent): void => {
    event.preventDefault();
    const query = field.current?.value ?? "";
    open(hits[chosen]?.id ?? `/search/?q=${encodeURIComponent(query)}`);
  };

  return (
    <form className="search" role="search" action="/search/" onSubmit={submit}>
      <input
        ref={field}
        type="search"
        name="q"
        placeholder="Search (press /)"
        aria-label="Search"
        autoComplete="off"
        role="combobox"
        aria-autocomplete="list"
        aria-expanded={hits.length > 0}
        aria-controls="hits"
        aria-activedescendant={chosen < 0 ? undefined : `hit-${chosen}`}
        onFocus={() => void loadIndex().catch(() => undefined)}
        onChange={({ target }) => void find(target.value)}
        onKeyDown={choose}
        onBlur={close}
      />
      <ul id="hits" className="hits" role="listbox" aria-label="Found" hidden={hits.length === 0}>
        {hits.map((hit, index) => (
          <li
            key={hit.id}
            id={`hit-${index}`}
            role="option"
            aria-selected={index === chosen}
            // The field keeps the focus until the click is over.
            onMouseDown={(event) => event.preventDefault()}
            onClick={() => open(hit.id)}
          >
            <HitText {...hit} />
          </li>
        ))}
      </ul>
      <p className={hits.length > 0 ? "visually-hidden" : "search__status"} role="status">
        {status}
      </p>
    </form>
  );
}
