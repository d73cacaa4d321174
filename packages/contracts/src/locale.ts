import { readQuality } from './quality.ts';

/** The languages every message exists in. */
export const locales = ['en', 'zh-CN'] as const;

/** One of the languages every message exists in. */
export type Locale = (typeof locales)[number];

/** One text in every language. */
export type Translated = Readonly<Record<Locale, string>>;

/**
 * Picks the language for an answer from `Accept-Language` (RFC 9110, 12.5.4): the supported language with the highest
 * weight wins, the first named wins a tie. `*` stands for those that are not named, the fallback before the others; a
 * weight of 0 rules a language out. Any `zh` is served as `zh-CN`.
 *
 * @param acceptLanguage the header's value; malformed parts are passed over, never an error
 * @param fallback what to use when the header is missing or names nothing we have (`DEFAULT_LOCALE`)
 */
export function chooseLocale(acceptLanguage: string | undefined, fallback: Locale): Locale {
  if (acceptLanguage === undefined) return fallback;
  let [best, bestWeight, others] = [fallback, 0, 0];
  const named: Locale[] = [];
  for (const part of acceptLanguage.slice(0, 1000).split(',')) {
    const [tag = '', ...parameters] = part.split(';');
    const range = tag.trim().toLowerCase();
    const weight = parameters.length === 0 ? 1 : readQuality(parameters);
    const locale = matchTag(range);
    if (locale !== undefined) {
      named.push(locale);
      if (weight > bestWeight) [best, bestWeight] = [locale, weight];
    } else if (range === '*') others = Math.max(others, weight);
  }
  if (others > bestWeight) best = [fallback, ...locales].find((locale) => !named.includes(locale)) ?? best;
  return best;
}

function matchTag(tag: string): Locale | undefined {
  const primary = tag.split('-', 1)[0];
  if (primary === 'zh') return 'zh-CN';
  return primary === 'en' ? 'en' : undefined;
}
