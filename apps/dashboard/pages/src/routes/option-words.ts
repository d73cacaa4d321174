import type { Format } from '../i18n/format.ts';

/**
 * Options as people read them in one line: `requests 100, per 1 min, by client`. Durations and sizes lose the unit that their names
 * end with, and get one that fits.
 */
export function optionWords(
  options: Readonly<Record<string, unknown>>,
  format: Pick<Format, 'bytes' | 'duration'>,
): string {
  return Object.entries(options)
    .filter(([, value]) => value !== undefined && value !== null)
    .map(([name, value]) => {
      if (typeof value === 'number' && /.Ms$/.test(name)) return `${name.slice(0, -2)} ${format.duration(value)}`;
      if (typeof value === 'number' && /.Bytes$/.test(name)) return `${name.slice(0, -5)} ${format.bytes(value)}`;
      return `${name} ${wordsOf(value, format)}`;
    })
    .join(', ');
}

function wordsOf(value: unknown, format: Pick<Format, 'bytes' | 'duration'>): string {
  if (typeof value === 'string') return value;
  if (Array.isArray(value)) return value.map((each) => wordsOf(each, format)).join(' | ');
  if (typeof value === 'object' && value !== null)
    return `(${optionWords(value as Readonly<Record<string, unknown>>, format)})`;
  return JSON.stringify(value);
}
