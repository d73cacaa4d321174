import { type AppError, chooseLocale, headerNames, type Locale } from '@flotilla/contracts';
import { problemAnswer } from '@flotilla/kit/problem';
import type { LocalResponse } from '../engine/local-response.ts';
import { headerValue } from '../headers/header-list.ts';
import type { RequestHead, RequestIdentity } from '../headers/request-head.ts';

/** What the engine adds to every answer by itself. */
const addedByEngine: ReadonlySet<string> = new Set(['content-length', headerNames.requestId, headerNames.traceId]);

/** The answer that tells a client of an error, as every Flotilla program words it, in the client's language. */
export function problemResponse(
  error: AppError,
  head: RequestHead | undefined,
  identity: RequestIdentity,
  defaultLocale: Locale,
): LocalResponse {
  const requested = head?.headers ?? [];
  const answer = problemAnswer(
    error,
    {
      locale: chooseLocale(headerValue(requested, 'accept-language'), defaultLocale),
      requestId: identity.requestId,
      traceId: identity.trace.traceId,
      ...(head === undefined ? {} : { instance: pathOf(head.target) }),
    },
    headerValue(requested, 'accept'),
  );
  const headers: string[] = [];
  for (const [name, value] of Object.entries(answer.headers)) {
    if (!addedByEngine.has(name)) headers.push(name, value);
  }
  return { status: answer.status, headers, body: answer.body };
}

/** The path alone: a query may hold what should not be repeated. */
function pathOf(target: string): string {
  const end = target.indexOf('?');
  return end < 0 ? target : target.slice(0, end);
}
