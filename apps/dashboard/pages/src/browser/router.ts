import { type ReadonlySignal, signal } from '@preact/signals';

/** Where the reader is. */
export interface Place {
  readonly path: string;
  readonly query: URLSearchParams;
}

/** Leads from page to page without loading anything anew; the browser's Back works. */
export interface Router {
  readonly place: ReadonlySignal<Place>;
  /** Goes to a path with its query, of this dashboard. */
  go(to: string): void;
  /**
   * Changes parameters of the query, as filters do; undefined or empty takes one out. Replaces the entry in the history, so that
   * Back leads to the page before and not through every letter that was typed.
   */
  setQuery(changes: Readonly<Record<string, string | undefined>>): void;
}

/** The router of a window. */
export function createRouter(window: Window): Router {
  const place = signal(placeOf(window.location));
  window.addEventListener('popstate', () => {
    place.value = placeOf(window.location);
  });
  return {
    place,
    go: (to) => {
      const isElsewhere = new URL(to, window.location.href).pathname !== window.location.pathname;
      window.history.pushState(null, '', to);
      place.value = placeOf(window.location);
      if (isElsewhere) window.scrollTo(0, 0);
    },
    setQuery: (changes) => {
      const query = new URLSearchParams(place.value.query);
      for (const [name, value] of Object.entries(changes)) {
        if (value === undefined || value === '') query.delete(name);
        else query.set(name, value);
      }
      const text = query.toString();
      window.history.replaceState(null, '', place.value.path + (text === '' ? '' : `?${text}`));
      place.value = placeOf(window.location);
    },
  };
}

function placeOf(location: Location): Place {
  return { path: location.pathname, query: new URLSearchParams(location.search) };
}
