import type { IncomingMessage } from 'node:http';
import type { FastifyRequest } from 'fastify';
import { createRequestGuard, type GuardField, type RequestGuard, type RequestGuardOptions } from '../guard/index.ts';
import type { OwnHostOptions } from '../guard/own-hosts.ts';

/** Guards an app against requests that a foreign page could make a browser send. */
export type HttpGuard = RequestGuard<IncomingMessage>;

/** Makes the guard of an app. */
export function createHttpGuard(
  options: OwnHostOptions & Pick<RequestGuardOptions<unknown>, 'allowedOrigins'>,
): HttpGuard {
  return createRequestGuard({ ...options, field });
}

/** Throws when the guard refuses the request. */
export function refuseForeign(guard: HttpGuard, { method, raw }: FastifyRequest): void {
  const { host = '', upgrade } = raw.headers;
  const refusal = guard.refusal(method, upgrade !== undefined, host, raw);
  if (refusal !== undefined) throw refusal;
}

function field({ headers }: IncomingMessage, name: GuardField): string | undefined {
  const value = headers[name];
  return typeof value === 'string' ? value : value?.join(', ');
}
