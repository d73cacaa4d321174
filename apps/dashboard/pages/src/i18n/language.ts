/** A language that the pages are written in. */
export type Language = 'en' | 'zh';

/** The first of the reader's languages that the pages are written in; else English. `wanted`: as `navigator.languages`. */
export function languageOf(wanted: readonly string[]): Language {
  for (const tag of wanted) {
    const [primary] = tag.toLowerCase().split('-', 1);
    if (primary === 'en' || primary === 'zh') return primary;
  }
  return 'en';
}

/** What goes into `lang` of the page, so that browsers choose the right glyphs and voices. */
export const languageTags: Readonly<Record<Language, string>> = { en: 'en', zh: 'zh-Hans' };
