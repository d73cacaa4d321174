import type { FastifyBaseLogger } from 'fastify';
import type { LogFields, Logger } from '../logger/index.ts';

/**
 * Our logger in the shape Fastify asks for. The logger itself is made at the first line: Fastify wants one for every
 * request, and most requests write nothing of their own.
 */
class AdaptedLogger {
  readonly #create: () => Logger;
  #created: Logger | undefined;

  constructor(create: () => Logger) {
    this.#create = create;
  }

  get #logger(): Logger {
    this.#created ??= this.#create();
    return this.#created;
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
    return new AdaptedLogger(() => this.#logger.child(bindings));
  }
}

/** What Fastify calls its logger; `create` is called at the first line that is written. */
export function toFastifyLogger(create: () => Logger): FastifyBaseLogger {
  // Pino's methods also take printf arguments, which ours ignore. A message alone arrives as the first argument, and
  // our logger takes it as such.
  return new AdaptedLogger(create) as unknown as FastifyBaseLogger;
}
