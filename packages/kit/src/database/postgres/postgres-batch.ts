import type pg from 'pg';
import type { StatementResult } from '../server/server-connection.ts';
import type { NamedStatement, ResultColumn } from './postgres-statements.ts';

/** A value as the protocol has it: text, bytes, or null. */
export type WireValue = string | Buffer | null;

/** A statement with its values. */
export interface BatchStep {
  readonly statement: NamedStatement;
  readonly values: readonly WireValue[];
}

/** What the driver says of a column. */
interface FieldDescription {
  readonly name: string;
  readonly dataTypeID: number;
}

/** How values of a type are read; see `postgresTypes`. */
export type ParserOf = (typeId: number) => (text: string) => unknown;

/** The methods of the driver's connection that a batch uses; its types ask for arguments that it does not have. */
interface Wire {
  readonly stream: { cork(): void; uncork(): void };
  parse(query: { readonly name: string; readonly text: string }): void;
  bind(config: { readonly statement: string; readonly values: readonly WireValue[] }): void;
  describe(what: { readonly type: 'P'; readonly name: '' }): void;
  execute(config: undefined): void;
  close(what: { readonly type: 'S'; readonly name: string }): void;
  sync(): void;
}

/**
 * Prepared statements that are sent together; the server stops at the first that fails. Cheaper than the driver's own queries
 * also for a single one: the server describes a result once, and not every time.
 *
 * PostgreSQL, "Message Flow: Extended Query": after an error, everything up to Sync is skipped.
 */
export class PostgresBatch implements pg.Submittable {
  readonly #steps: readonly BatchStep[];
  readonly #parserOf: ParserOf;
  readonly #resolve: (result: StatementResult) => void;
  readonly #reject: (error: unknown) => void;
  /** The step that the server answers. */
  #at = 0;
  #rows: Record<string, unknown>[] = [];
  #command: string | undefined;
  #affected: number | undefined;
  #failure: { readonly error: unknown } | undefined;

  constructor(
    steps: readonly BatchStep[],
    parserOf: ParserOf,
    settle: { readonly resolve: (result: StatementResult) => void; readonly reject: (error: unknown) => void },
  ) {
    this.#steps = steps;
    this.#parserOf = parserOf;
    this.#resolve = settle.resolve;
    this.#reject = settle.reject;
  }

  submit(connection: pg.Connection): void {
    const wire = connection as unknown as Wire;
    // The driver writes each message by itself.
    wire.stream.cork();
    try {
      for (const { statement, values } of this.#steps) {
        if (statement.state !== 'parsed') {
          // No error if there is none of the name.
          if (statement.state === 'unsure') wire.close({ type: 'S', name: statement.name });
          statement.state = 'unsure';
          // Its table may be another by now.
          statement.columns = undefined;
          wire.parse({ name: statement.name, text: statement.sql });
        }
        wire.bind({ statement: statement.name, values });
        if (statement.columns === undefined) wire.describe({ type: 'P', name: '' });
        wire.execute(undefined);
      }
      wire.sync();
    } finally {
      wire.stream.uncork();
    }
  }

  handleRowDescription({ fields }: { readonly fields: readonly FieldDescription[] }): void {
    const step = this.#steps[this.#at];
    if (step === undefined) return;
    step.statement.columns = fields.map(({ name, dataTypeID }) => ({ name, parse: this.#parserOf(dataTypeID) }));
  }

  handleDataRow({ fields }: { readonly fields: readonly (string | null)[] }): void {
    // Only the last one's rows are asked for.
    if (this.#at !== this.#steps.length - 1) return;
    try {
      this.#rows.push(rowOf(this.#steps[this.#at]?.statement.columns ?? [], fields));
    } catch (error) {
      this.#failure = { error };
    }
  }

  handleCommandComplete({ text }: { readonly text: string }): void {
    // `INSERT 0 1`, `SELECT 3`, `COMMIT`, `DECLARE CURSOR`
    const space = text.indexOf(' ');
    const count = space < 0 ? Number.NaN : Number(text.slice(text.lastIndexOf(' ') + 1));
    this.#command = space < 0 ? text : text.slice(0, space);
    this.#affected = Number.isNaN(count) ? undefined : count;
    this.#done();
  }

  handleEmptyQuery(): void {
    this.#command = undefined;
    this.#affected = undefined;
    this.#done();
  }

  handleError(error: unknown): void {
    this.#reject(error);
  }

  handleReadyForQuery(): void {
    if (this.#failure !== undefined) this.#reject(this.#failure.error);
    else this.#resolve({ rows: this.#rows, affected: this.#affected, command: this.#command });
  }

  handlePortalSuspended(): void {
    // Nobody asks for a part of the rows.
  }

  handleCopyInResponse(connection: { sendCopyFail(message: string): void }): void {
    connection.sendCopyFail('COPY is not supported');
  }

  handleCopyData(): void {
    // As above.
  }

  #done(): void {
    const step = this.#steps[this.#at];
    if (step !== undefined) {
      if (step.statement.stays) step.statement.state = 'parsed';
      // The server has said that there are none.
      step.statement.columns ??= [];
    }
    this.#at += 1;
  }
}

function rowOf(columns: readonly ResultColumn[], fields: readonly (string | null)[]): Record<string, unknown> {
  const row: Record<string, unknown> = {};
  for (let index = 0; index < columns.length; index += 1) {
    const column = columns[index];
    const text = fields[index];
    if (column !== undefined) row[column.name] = text === null || text === undefined ? null : column.parse(text);
  }
  return row;
}

/** The values as the protocol has them; undefined: only the driver knows how to write one of them, such as a list. */
export function wireValues(parameters: readonly unknown[]): readonly WireValue[] | undefined {
  const values: WireValue[] = [];
  for (const given of parameters) {
    switch (typeof given) {
      case 'string':
        values.push(given);
        break;
      case 'number':
      case 'bigint':
      case 'boolean':
        values.push(String(given));
        break;
      case 'undefined':
        values.push(null);
        break;
      default:
        if (given !== null && !Buffer.isBuffer(given)) return undefined;
        values.push(given);
    }
  }
  return values;
}
