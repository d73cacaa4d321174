/** The languages every message exists in. */
export const locales = ['en', 'zh-CN'] as const;

/** One of the languages every message exists in. */
export type Locale = (typeof locales)[number];

/** One text in every language. */
export type Translated = Readonly<Record<Locale, string>>;

/**
 * Picks the language for an answer from `Accept-Language` (RFC 9110, 12.5.4): the supported language with the
 * highest weight wins, the first named wins a tie, and `*` stands for the fallback. Any `zh` is served as `zh-CN`.
 *
 * @param acceptLanguage the header's value; malformed parts are passed over, never an error
 * @param fallback what to use when the header is missing or names nothing we have (`DEFAULT_LOCALE`)
 */
export function chooseLocale(acceptLanguage: string | undefined, fallback: Locale): Locale {
  if (acceptLanguage === undefined) return fallback;
  let best: Locale = fallback;
  let bestWeight = 0;
  for (const part of acceptLanguage.slice(0, 1000).split(',')) {
    const [tag = '', ...parameters] = part.split(';');
    const locale = matchTag(tag.trim().toLowerCase(), fallback);
    const weight = readWeight(parameters);
    if (locale !== undefined && weight > bestWeight) {
      best = locale;
      bestWeight = weight;
    }
  }
  return best;
}

function matchTag(tag: string, fallback: Locale): Locale | undefined {
  if (tag === '*') return fallback;
  const primary = tag.split('-', 1)[0];
  if (primary === 'zh') return 'zh-CN';
  return primary === 'en' ? 'en' : undefined;
}

function readWeight(parameters: readonly string[]): number {
  for (const parameter of parameters) {
    const weight = /^\s*q=([01](?:\.\d{0,3})?)\s*$/i.exec(parameter)?.[1];
    if (weight !== undefined) return Math.min(1, Number(weight));
  }
  return 1;
}
