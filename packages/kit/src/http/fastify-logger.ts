import type { FastifyBaseLogger } from 'fastify';
import type { LogFields, Logger } from '../logger/index.ts';
import type { RequestContext } from './request-context.ts';

/**
 * Our logger in the shape that Fastify expects. A request's logger is only created with its first line: every request has
 * one, and most write nothing.
 */
class AdaptedLogger {
  readonly #parent: Logger;
  readonly #context: RequestContext | undefined;
  #made: Logger | undefined;

  constructor(parent: Logger, context: RequestContext | undefined) {
    this.#parent = parent;
    this.#context = context;
  }

  get #logger(): Logger {
    this.#made ??=
      this.#context === undefined
        ? this.#parent
        : this.#parent.child({ requestId: this.#context.requestId, traceId: this.#context.trace.traceId });
    return this.#made;
  }

  get level(): string {
    return this.#logger.level;
  }

  trace(fields: LogFields | Error, message: string): void {
    this.#logger.trace(fields, message);
  }
  debug(fields: LogFields | Error, message: string): void {
    this.#logger.debug(fields, message);
  }
  info(fields: LogFields | Error, message: string): void {
    this.#logger.info(fields, message);
  }
  warn(fields: LogFields | Error, message: string): void {
    this.#logger.warn(fields, message);
  }
  error(fields: LogFields | Error, message: string): void {
    this.#logger.error(fields, message);
  }
  fatal(fields: LogFields | Error, message: string): void {
    this.#logger.fatal(fields, message);
  }
  silent(): void {
    // Pino's level that writes nothing.
  }

  child(bindings: LogFields): AdaptedLogger {
    return new AdaptedLogger(this.#logger.child(bindings), undefined);
  }
}

/**
 * The logger that Fastify uses.
 *
 * @param context the request whose ids are added to each line
 */
export function toFastifyLogger(logger: Logger, context?: RequestContext): FastifyBaseLogger {
  // Pino's methods also accept printf arguments, which ours ignore. A message alone arrives as the first argument, which our
  // logger accepts.
  return new AdaptedLogger(logger, context) as unknown as FastifyBaseLogger;
}
