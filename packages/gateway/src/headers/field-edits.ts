import { type EditDirection, problemOfName, problemOfValue } from './editable-fields.ts';
import { type HeaderList, removeField, removeFields } from './header-list.ts';
import { hasAlias, plainName } from './origin-fields.ts';

interface Edit {
  readonly name: string;
  readonly lower: string;
  /** Undefined: only taken out. */
  readonly value: string | undefined;
  /** Whether what was there under the name goes. */
  readonly replaces: boolean;
}

/**
 * What policies change of a head on its way through, in the order they said it. What frames a message, what speaks of
 * one connection and what the gateway writes itself can't be changed.
 */
export class FieldEdits {
  readonly #direction: EditDirection;
  #edits: Edit[] = [];

  constructor(direction: EditDirection) {
    this.#direction = direction;
  }

  get empty(): boolean {
    return this.#edits.length === 0;
  }

  /**
   * Gives the field this one value, whatever it had.
   *
   * @throws TypeError when no policy may change it or it can't have the value
   */
  set(name: string, value: string): void {
    this.#push(name, value, true);
  }

  /**
   * Adds a field beside any of the name.
   *
   * @throws TypeError as {@link set}
   */
  add(name: string, value: string): void {
    this.#push(name, value, false);
  }

  /**
   * Takes all fields of the name out.
   *
   * @throws TypeError when no policy may change it
   */
  remove(name: string): void {
    this.#push(name, undefined, true);
  }

  /** Repeats what was said to `other`. */
  addAll(other: FieldEdits): void {
    this.#edits.push(...other.#edits);
  }

  clear(): void {
    this.#edits = [];
  }

  /** Carries all of it out on `fields`: `[name, value, …]`. */
  applyTo(fields: string[]): void {
    for (const { name, lower, value, replaces } of this.#edits) {
      if (replaces) this.#takeOut(fields, lower);
      if (value !== undefined) fields.push(name, value);
    }
  }

  /** Takes out of trailers what was said to be otherwise in the head: some receivers make one of both. */
  applyToTrailers(trailers: HeaderList): HeaderList {
    if (trailers.length === 0 || this.empty) return trailers;
    const kept = [...trailers];
    for (const { lower, replaces } of this.#edits) if (replaces) this.#takeOut(kept, lower);
    return kept;
  }

  #takeOut(fields: string[], lower: string): void {
    if (this.#direction === 'answer') return removeField(fields, lower);
    // Services behind CGI would take `X.A` for `X-A`, and so what a client says for what is said here.
    removeFields(fields, (name) => name.toLowerCase() === lower || (hasAlias(name) && plainName(name) === lower));
  }

  #push(name: string, value: string | undefined, replaces: boolean): void {
    const ofName = problemOfName(this.#direction, name);
    if (ofName !== undefined) throw new TypeError(`The field ${JSON.stringify(name)} ${ofName}.`);
    const ofValue = value === undefined ? undefined : problemOfValue(name, value);
    if (ofValue !== undefined) throw new TypeError(`The value of the field ${name} ${ofValue}.`);
    this.#edits.push({ name, lower: name.toLowerCase(), value, replaces });
  }
}
