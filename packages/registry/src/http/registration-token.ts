import type { IncomingHttpHeaders } from 'node:http';
import { AppError, headerNames, rule } from '@flotilla/contracts';

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
