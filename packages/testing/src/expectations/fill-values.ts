import type { Values } from './expectations.ts';

/** Puts values in the place of `{name}` in a text. Names without a value stay as they are: a text may have braces. */
export function fillText(text: string, values: Values): string {
  return text.replaceAll(/\{(\w+)\}/g, (whole, name: string) =>
    Object.hasOwn(values, name) ? String(values[name]) : whole,
  );
}

/** Does the same for all texts of a JSON value. A text that is nothing but `{name}` becomes the value, with its type. */
export function fillValue(value: unknown, values: Values): unknown {
  if (typeof value === 'string') {
    const name = /^\{(\w+)\}$/.exec(value)?.[1];
    return name !== undefined && Object.hasOwn(values, name) ? values[name] : fillText(value, values);
  }
  if (Array.isArray(value)) return value.map((each) => fillValue(each, values));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, each]) => [name, fillValue(each, values)]));
}

/** The same for fields of a head. */
export function fillHeaders(headers: Readonly<Record<string, string>>, values: Values): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).map(([name, text]) => [name, fillText(text, values)]));
}
