import { type AppError, type Locale, locales, type Translated } from '@flotilla/contracts';
import { both } from './both.ts';
import type { ExplainedRequest } from './views.ts';

const words: Readonly<Record<Locale, { readonly colon: string; readonly fields: string }>> = {
  en: { colon: ': ', fields: 'fields: ' },
  'zh-CN': { colon: '：', fields: '字段：' },
};

/** What becomes of a request that the gateway answers with this error. `steps` led there; the last one is added. */
export function refused(error: AppError, steps: readonly Translated[]): ExplainedRequest {
  const { code, status } = error;
  const [en = '', zh = ''] = locales.map((locale) => more(error, locale));
  const step = both(`the gateway answers ${status} ${code}${en}`, `网关应答 ${status} ${code}${zh}`);
  return { outcome: 'refused', steps: [...steps, step], answer: { status, code } };
}

function more(error: AppError, locale: Locale): string {
  const { allow, fields } = error;
  const detail = error.detailIn(locale);
  const { colon, fields: word } = words[locale];
  const parts = [
    // A step is no sentence.
    ...(detail === undefined ? [] : [detail.replace(/[.。]$/, '')]),
    ...(fields.length === 0 ? [] : [word + fields.map(({ field, code }) => `${field} ${code}`).join(', ')]),
    ...(allow.length === 0 ? [] : [`Allow: ${allow.join(', ')}`]),
  ];
  return parts.length === 0 ? '' : colon + parts.join('; ');
}
