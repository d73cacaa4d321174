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

/** The bytes of an id in hex; undefined if it is none. */
export function idBytes(hex: string, bytes: number): Uint8Array | undefined {
  return hex.length === 2 * bytes && /^[0-9a-f]+$/i.test(hex) ? Buffer.from(hex, 'hex') : undefined;
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
