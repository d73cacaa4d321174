import { type ReadonlySignal, signal } from '@preact/signals';
import { createContext } from 'preact';
import { useContext } from 'preact/hooks';
import type { ApiClient } from '../api/api-client.ts';
import type { LiveFeed } from '../api/live-feed.ts';
import type { Preferences } from '../browser/preferences.ts';
import type { Router } from '../browser/router.ts';
import { type Format, formatOf } from '../i18n/format.ts';
import type { Translations } from '../i18n/translations.ts';
import type { Notices } from './notices.ts';

/** What every component may ask for. */
export interface App {
  readonly preferences: Preferences;
  readonly router: Router;
  readonly api: ApiClient;
  readonly live: LiveFeed;
  readonly notices: Notices;
  /** The time, once a second: for ages that grow while one looks. */
  readonly nowMs: ReadonlySignal<number>;
}

/** Gives the app to all components below. */
export const AppContext = createContext<App | undefined>(undefined);

/** The app around a component. */
export function useApp(): App {
  const app = useContext(AppContext);
  if (app === undefined) throw new Error('There is no app around this component: put it into AppContext.Provider');
  return app;
}

/** Texts in the reader's language. */
export function useTexts<T>(all: Translations<T>): Translations<T>['en'] {
  return all[useApp().preferences.language.value];
}

/** How the reader's language writes numbers and times. */
export function useFormat(): Format {
  return formatOf(useApp().preferences.language.value);
}

/** A signal of the time, changing once a second for as long as the page is open. */
export function tickingClock(): ReadonlySignal<number> {
  const nowMs = signal(Date.now());
  setInterval(() => {
    // A page in the background is not redrawn for nothing.
    if (!document.hidden) nowMs.value = Date.now();
  }, 1_000);
  return nowMs;
}
