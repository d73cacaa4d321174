import { printableText } from '@flotilla/kit/printable-text';
import { wrapText } from '../output/wrap-text.ts';

/** Below this a line holds no words. */
const leastColumns = 16;

/**
 * JSON as an outline for people: what a newer registry has to say shows too. Texts are wrapped; what is empty or null is left
 * out.
 */
export function outline(value: unknown, columns: number): readonly string[] {
  return linesOf(value, columns);
}

function linesOf(value: unknown, columns: number): string[] {
  if (Array.isArray(value)) return value.flatMap((item) => bullet(item, columns));
  if (!isObject(value)) return wrapText(printableText(String(value)), Math.max(leastColumns, columns));
  return Object.entries(value).flatMap(([name, inner]) => {
    const title = name.replaceAll('_', ' ');
    if (isEmpty(inner)) return [];
    if (!isObject(inner) && !Array.isArray(inner)) return linesOf(`${title}: ${String(inner)}`, columns);
    return [`${title}:`, ...indented(linesOf(inner, columns - 2), '  ')];
  });
}

/** One item of a list: its first line has a dash, the others stand below the text. */
function bullet(item: unknown, columns: number): string[] {
  const [first = '', ...rest] = linesOf(item, columns - 2);
  return [`- ${first}`, ...indented(rest, '  ')];
}

function indented(lines: readonly string[], by: string): string[] {
  return lines.map((line) => `${by}${line}`);
}

function isEmpty(value: unknown): boolean {
  if (value === null || value === undefined || value === '') return true;
  return isObject(value) ? Object.values(value).every(isEmpty) : Array.isArray(value) && value.length === 0;
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
