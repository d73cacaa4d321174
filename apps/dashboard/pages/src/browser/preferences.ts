import { effect, type Signal, signal } from '@preact/signals';
import { type Language, languageOf, languageTags } from '../i18n/language.ts';

/** `system` follows the reader's system, also when that changes at dusk. */
export type Theme = 'system' | 'light' | 'dark';

/** What readers choose, kept in their browser. */
export interface Preferences {
  readonly language: Signal<Language>;
  readonly theme: Signal<Theme>;
}

/** Reads what was chosen before, and keeps what is chosen from now on, in this window's page and storage. */
export function keptPreferences({ document, localStorage, navigator }: Window): Preferences {
  const keptLanguage = read('language', ['en', 'zh'] as const);
  const language = signal<Language>(keptLanguage ?? languageOf(navigator.languages));
  const theme = signal<Theme>(read('theme', ['system', 'light', 'dark'] as const) ?? 'system');
  effect(() => {
    document.documentElement.lang = languageTags[language.value];
    if (keptLanguage !== undefined || language.value !== languageOf(navigator.languages))
      write('language', language.value);
  });
  effect(() => {
    if (theme.value === 'system') delete document.documentElement.dataset['theme'];
    else document.documentElement.dataset['theme'] = theme.value;
    write('theme', theme.value);
  });
  return { language, theme };

  // Storage may be forbidden: then a choice lasts as long as the page.
  function read<T extends string>(name: string, choices: readonly T[]): T | undefined {
    try {
      const kept = localStorage.getItem(`flotilla.${name}`);
      return choices.find((choice) => choice === kept);
    } catch {
      return undefined;
    }
  }

  function write(name: string, value: string): void {
    try {
      localStorage.setItem(`flotilla.${name}`, value);
    } catch {
      // As above.
    }
  }
}
