import type { Fields } from '../store/index.ts';

/** An object that the store wrote as JSON; empty if it is none, as in a damaged file. */
export function parsedFields(json: unknown): Fields {
  try {
    const value: unknown = JSON.parse(String(json));
    return isFields(value) ? value : {};
  } catch {
    return {};
  }
}

/** Whether `value` is an object with fields. */
export function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
