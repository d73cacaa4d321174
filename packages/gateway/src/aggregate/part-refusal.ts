import { AppError, type ErrorCode, errorTable } from '@flotilla/contracts';
import { isOfOurAsking } from '../attempt/of-our-asking.ts';
import type { Unavailable } from '../config/proxy-route.ts';
import type { CallResult } from '../engine/engine.ts';
import { headerValue, headerValues } from '../headers/header-list.ts';
import { readRetryAfter } from '../headers/retry-after.ts';
import type { PlannedPart } from '../routes/aggregate-plan.ts';
import { readPartProblem } from './part-problem.ts';

/** The code for a status with which a service refuses what the client asked for. */
const codes: ReadonlyMap<number, ErrorCode> = new Map([
  [400, 'INVALID_REQUEST'],
  [401, 'UNAUTHENTICATED'],
  [403, 'FORBIDDEN'],
  [404, 'NOT_FOUND'],
  [409, 'CONFLICT'],
  [410, 'GONE'],
  [414, 'URI_TOO_LONG'],
  [422, 'UNPROCESSABLE'],
  [429, 'TOO_MANY_REQUESTS'],
  [431, 'HEADERS_TOO_LARGE'],
  [451, 'UNAVAILABLE_FOR_LEGAL_REASONS'],
  [504, 'GATEWAY_TIMEOUT'],
]);

/**
 * The error for a client whose request a service refused: with the service's status, and with its own words where they
 * are a problem document, whatever else the body may be. A status without a code of its own counts as its class (RFC
 * 9110, 15). What goes wrong between the gateway and its services (5xx beside 503 and 504, redirects, refusals of how the
 * gateway asked) is none of the client's business, and a 502.
 */
export function partRefusal(
  part: PlannedPart,
  answer: Extract<CallResult, { kind: 'response' }>,
  unavailable: Unavailable,
  nowMs: number,
): AppError {
  const { status, headers } = answer;
  const retryAfterMs = readRetryAfter(headerValue(headers, 'retry-after'), nowMs);
  const shared = {
    parameters: { service: part.service },
    cause: `part "${part.name}": ${part.service} answered ${status}${placeOf(headers)}`,
    ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
    ...(status === 401 ? { challenges: headerValues(headers, 'www-authenticate') } : {}),
  };
  const mapped = part.errors.get(status);
  if (mapped !== undefined) return new AppError(mapped, shared);
  if (status < 400 || isOfOurAsking(status)) return new AppError('BAD_GATEWAY', shared);
  const problem = readPartProblem(answer.body);
  const told = problem === undefined ? shared : { ...shared, ...said(problem) };
  if (status < 500 || status === 503) {
    const own = problem?.code;
    if (own !== undefined && errorTable[own].status === status) return new AppError(own, told);
  }
  // Whose words a 503 has is not known: the client gets those of the service's row, and when to come back.
  if (status === 503) return new AppError(unavailable.code, { retryAfterMs: unavailable.retryAfterMs, ...shared });
  const code = codes.get(status) ?? (status < 500 ? 'INVALID_REQUEST' : 'BAD_GATEWAY');
  return new AppError(code, status < 500 ? told : shared);
}

/** Where a redirect leads: often but a slash at the end that the target lacks. */
function placeOf(headers: readonly string[]): string {
  const place = headerValue(headers, 'location');
  return place === undefined ? '' : ` and leads to ${place.slice(0, 200)}`;
}

function said(
  problem: NonNullable<ReturnType<typeof readPartProblem>>,
): Pick<AppError, 'fields'> & { detail?: string } {
  return { fields: problem.fields, ...(problem.detail === undefined ? {} : { detail: problem.detail }) };
}
