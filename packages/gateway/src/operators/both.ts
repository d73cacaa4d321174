import type { Translated } from '@flotilla/contracts';

/** A sentence in both languages. */
export function both(en: string, zh: string): Translated {
  return { en, 'zh-CN': zh };
}
