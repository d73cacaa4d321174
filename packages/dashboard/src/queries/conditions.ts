import type { SQLInputValue } from 'node:sqlite';

/** Collects what rows must fulfil, with the values for it. */
export class Conditions {
  readonly #parts: string[] = [];
  readonly values: SQLInputValue[] = [];

  /** Adds a condition with its values, unless `when` is undefined: then nothing was asked. */
  add<Value>(when: Value | undefined, sql: string, ...values: readonly SQLInputValue[]): this {
    if (when === undefined) return this;
    this.#parts.push(sql);
    this.values.push(...values);
    return this;
  }

  /** `WHERE …`, or nothing. */
  get where(): string {
    return this.#parts.length === 0 ? '' : `WHERE ${this.#parts.join(' AND ')}`;
  }
}

/** A pattern of LIKE, with `ESCAPE '\'`, for what contains `text`. */
export function containing(text: string): string {
  return `%${text.replaceAll(/[\\%_]/g, String.raw`\$&`)}%`;
}

/**
 * Patterns of LIKE for the JSON of what has an attribute, if the text asks for one: `tenant.id=acme`. The first is for texts, which may go
 * on, the others for numbers and `true`, which may not: whoever looks for user 1 wants none of user 12. Undefined: it asks for none.
 */
export function attributePatterns(text: string): readonly [string, string, string] | undefined {
  const [, name = '', value = ''] = /^([\w.-]{1,100})=(.{1,200})$/s.exec(text) ?? [];
  if (name === '') return undefined;
  const inJson = JSON.stringify(value).slice(1, -1);
  const followed = (end: string): string => containing(`"${name}":${end}`);
  return [followed(`"${inJson}`), followed(`${inJson},`), followed(`${inJson}}`)];
}

/**
 * The trace that a text names, as people paste it: in hex of any case, or as the header `traceparent`, with blanks around it.
 * Undefined: it names none.
 */
export function traceIdIn(text: string): Uint8Array | undefined {
  const [, id] = /^\s*(?:[0-9a-f]{2}-)?([0-9a-f]{32})(?:-[0-9a-f]{16}-[0-9a-f]{2})?\s*$/i.exec(text) ?? [];
  return id === undefined ? undefined : Buffer.from(id, 'hex');
}

/** An id in hex. */
export function hexOf(value: unknown): string {
  return value instanceof Uint8Array
    ? Buffer.from(value.buffer, value.byteOffset, value.byteLength).toString('hex')
    : '';
}

/** Where the next page begins, as text: two numbers. */
export function cursorOf(atUs: number, id: number): string {
  return `${atUs}.${id}`;
}

/** What {@link cursorOf} wrote; undefined for anything else. */
export function readCursor(cursor: string | undefined): { readonly atUs: number; readonly id: number } | undefined {
  const [, atUs, id] = /^(\d{1,16})\.(\d{1,16})$/.exec(cursor ?? '') ?? [];
  return atUs === undefined || id === undefined ? undefined : { atUs: Number(atUs), id: Number(id) };
}

/** How many rows to give: between 1 and 1000, 100 if nothing is said. */
export function pageSize(limit: number | undefined): number {
  return Math.min(Math.max(Math.trunc(limit ?? 100), 1), 1_000);
}
