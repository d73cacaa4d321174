import { type Clock, isAppError } from '@flotilla/contracts';
import { type Attributes, currentTrace, type TraceContext, type Tracer } from '../telemetry/index.ts';
import { describeStatement, withoutValues } from './describe-statement.ts';
import { KnownStatements } from './known-statements.ts';
import type { DatabaseName } from './statement-watch.ts';
import { UniqueViolation } from './unique-violation.ts';

/** What all spans of a statement say. */
interface KnownStatement {
  readonly summary: string;
  readonly attributes: Attributes;
}

/** Said of a statement that has worked, beside what all of its spans say. */
const nothing: Attributes = {};

/** What {@link StatementSpans} needs. */
export interface StatementSpansOptions {
  readonly name: DatabaseName;
  /** Where the server is; undefined: there is none. */
  readonly server: { readonly host: string; readonly port: number } | undefined;
  readonly tracer: Tracer;
  readonly clock: Clock;
  /** What an error says; never with a value or a password in it. */
  readonly describe: (error: unknown) => string;
}

/**
 * Makes a span of each statement that runs for a traced request; one that nobody's request needs has none. The span lasts from
 * when the statement was wanted until its result was there, waits included.
 */
export class StatementSpans {
  readonly #options: StatementSpansOptions;
  readonly #attributes: Attributes;
  readonly #known = new KnownStatements((sql) => this.#learn(sql));

  constructor(options: StatementSpansOptions) {
    this.#options = options;
    const { name, server } = options;
    this.#attributes = {
      'db.system.name': name.system,
      'db.namespace': name.namespace,
      'server.address': server?.host,
      'server.port': server?.port,
    };
  }

  /** Runs a statement, which `run` does. */
  of<T>(sql: string, run: () => Promise<T>): Promise<T> {
    const parent = currentTrace();
    if (parent === undefined) return run();
    const startedMs = this.#options.clock.monotonicMs();
    return run().then(
      (result) => {
        this.#end(parent, sql, startedMs, undefined);
        return result;
      },
      (error: unknown) => {
        this.#end(parent, sql, startedMs, error);
        throw error;
      },
    );
  }

  /** Finding it out costs more than the rest of a span, and a program has few statements. */
  #learn(sql: string): KnownStatement {
    const { operation, collection, summary } = describeStatement(sql);
    const attributes: Attributes = {
      ...this.#attributes,
      'db.operation.name': operation,
      'db.collection.name': collection,
      'db.query.summary': summary,
      'db.query.text': withoutValues(sql, this.#options.name.system),
    };
    return { summary, attributes };
  }

  #end(parent: TraceContext, sql: string, startedMs: number, error: unknown): void {
    const { tracer, clock, describe } = this.#options;
    const durationMs = clock.monotonicMs() - startedMs;
    const failed = isFailure(error);
    if (!tracer.keeps(parent, failed, durationMs)) return;
    const { summary, attributes: common } = this.#known.of(sql);
    tracer.record({
      context: tracer.begin(parent),
      parentSpanId: parent.spanId,
      name: summary,
      kind: 'client',
      startedMs: tracer.epochMs(startedMs),
      durationMs,
      failed,
      message: failed ? describe(error) : undefined,
      common,
      attributes:
        error === undefined
          ? nothing
          : {
              'db.response.status_code': statusCodeOf(error),
              'error.type': failed ? errorTypeOf(error) : undefined,
            },
    });
  }
}

/** A value that is taken or cannot be stored is an answer: the database has done its work. */
function isFailure(error: unknown): boolean {
  if (error === undefined || error instanceof UniqueViolation) return false;
  return !isAppError(error, 'INVALID_REQUEST');
}

function errorTypeOf(error: unknown): string {
  if (isAppError(error)) return error.code;
  return statusCodeOf(error) ?? (error instanceof Error ? error.name : 'Error');
}

/** The code of the server or of SQLite, which may be that of the cause. */
function statusCodeOf(error: unknown): string | undefined {
  if (!(error instanceof Error)) return undefined;
  if ('errcode' in error && typeof error.errcode === 'number') return String(error.errcode);
  if (!isAppError(error) && 'code' in error && typeof error.code === 'string') return error.code;
  return statusCodeOf(error.cause);
}
