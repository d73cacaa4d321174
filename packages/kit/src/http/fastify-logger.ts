import type { FastifyBaseLogger } from 'fastify';
import type { Logger } from '../logger/index.ts';

/** Our logger in the shape Fastify asks for, so `request.log` writes into the same stream, with the request's ids. */
export function toFastifyLogger(logger: Logger): FastifyBaseLogger {
  const adapted = {
    trace: logger.trace,
    debug: logger.debug,
    info: logger.info,
    warn: logger.warn,
    error: logger.error,
    fatal: logger.fatal,
    silent: () => undefined,
    get level() {
      return logger.level;
    },
    child: (bindings: Record<string, unknown>) => toFastifyLogger(logger.child(bindings)),
  };
  // Pino's methods also take printf arguments; ours ignore them, and Fastify's own lines (switched off) are the only users.
  return adapted as FastifyBaseLogger;
}
