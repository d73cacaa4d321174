import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';
import { AppError, clientNetwork, headerNames, rule } from '@flotilla/contracts';

/** What is taken as a token: enough for any random id, and nothing that could not stand in a header. */
const tokenPattern = /^[A-Za-z0-9._~+/=:-]{16,128}$/;

/** The token a request shows; undefined if it shows none. @throws {AppError} INVALID_REQUEST */
export function tokenOf({ headers }: { readonly headers: IncomingHttpHeaders }): string | undefined {
  const value = headers[headerNames.registrationToken];
  if (value === undefined) return undefined;
  if (typeof value === 'string' && tokenPattern.test(value)) return value;
  throw new AppError('INVALID_REQUEST', {
    fields: [{ field: headerNames.registrationToken, ...rule('NOT_A_TOKEN').params.rule }],
  });
}

/** The client a request counts for; undefined if the other end is gone already. */
export function clientOf({ raw }: { readonly raw: Pick<IncomingMessage, 'socket'> }): string | undefined {
  const { remoteAddress } = raw.socket;
  return remoteAddress === undefined ? undefined : clientNetwork(remoteAddress);
}
