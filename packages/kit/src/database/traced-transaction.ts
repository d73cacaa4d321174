import type { QueryResult } from 'kysely';
import type { OpenTransaction, ValuedStatement } from './database-kind.ts';
import type { StatementSpans } from './statement-spans.ts';

/** How many of the statements that run with a commit have spans of their own: more would say nothing new. */
const mostShown = 20;

/** A transaction that makes a span of each statement. Only for programs that are traced. */
export class TracedTransaction implements OpenTransaction {
  readonly #open: OpenTransaction;
  readonly #spans: StatementSpans;
  /** The statements that run with the commit. */
  readonly #later: string[] = [];

  private constructor(open: OpenTransaction, spans: StatementSpans) {
    this.#open = open;
    this.#spans = spans;
  }

  static async begin(begin: () => Promise<OpenTransaction>, spans: StatementSpans): Promise<TracedTransaction> {
    return new TracedTransaction(await spans.of('BEGIN', begin), spans);
  }

  execute<Row>(statement: ValuedStatement): Promise<QueryResult<Row>> {
    return this.#spans.of(statement.sql, () => this.#open.execute<Row>(statement));
  }

  async executeLater(statement: ValuedStatement): Promise<void> {
    if (this.#later.length < mostShown) this.#later.push(statement.sql);
    await this.#open.executeLater(statement);
  }

  commit(): Promise<void> {
    const commit = (): Promise<void> => this.#spans.of('COMMIT', () => this.#open.commit());
    // They are sent together, so each lasts as long as all.
    return this.#later.reduceRight((run, sql) => () => this.#spans.of(sql, run), commit)();
  }

  rollback(): Promise<unknown> {
    return this.#spans.of('ROLLBACK', () => this.#open.rollback());
  }
}
