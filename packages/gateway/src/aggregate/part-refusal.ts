import {
  AppError,
  type AppErrorOptions,
  coreErrors,
  type ErrorKind,
  type ReceivedProblem,
  readProblem,
  relayedError,
} from '@flotilla/contracts';
import { readJson } from '@flotilla/contracts/json';
import { isOfOurAsking } from '../attempt/failure.ts';
import type { Unavailable } from '../config/proxy-route.ts';
import type { UpstreamCallResult } from '../engine/engine.ts';
import { headerValue, headerValues } from '../headers/header-list.ts';
import { readRetryAfter } from '../headers/retry-after.ts';
import type { PlannedPart } from '../routes/aggregate-plan.ts';

/** A problem is a few sentences. What is larger, or nested deeper, is none and is not worth the memory. */
const maxProblemBytes = 65_536;
const maxProblemDepth = 16;

/** The error for a status with which a service refuses what the client asked for. */
const kinds: ReadonlyMap<number, ErrorKind> = new Map<number, ErrorKind>([
  [400, coreErrors.INVALID_REQUEST],
  [401, coreErrors.UNAUTHENTICATED],
  [403, coreErrors.FORBIDDEN],
  [404, coreErrors.NOT_FOUND],
  [409, coreErrors.CONFLICT],
  [410, coreErrors.GONE],
  [414, coreErrors.URI_TOO_LONG],
  [422, coreErrors.UNPROCESSABLE],
  [429, coreErrors.TOO_MANY_REQUESTS],
  [431, coreErrors.HEADERS_TOO_LARGE],
  [451, coreErrors.UNAVAILABLE_FOR_LEGAL_REASONS],
  [504, coreErrors.GATEWAY_TIMEOUT],
]);

/**
 * The error for a client whose request a service refused: with the service's status and, where its body is a problem
 * document, with its code and its words, also those of a release or a program that this gateway knows nothing of. A status
 * without an error of its own counts as its class (RFC 9110, 15). What goes wrong between the gateway and its services (5xx
 * beside 503 and 504, redirects, refusals of how the gateway asked) is none of the client's business, and a 502.
 */
export function partRefusal(
  part: PlannedPart,
  answer: Extract<UpstreamCallResult, { kind: 'response' }>,
  unavailable: Unavailable,
  nowMs: number,
): AppError {
  const { status, headers } = answer;
  const retryAfterMs =
    readRetryAfter(headerValue(headers, 'retry-after'), nowMs) ??
    (status === 503 ? unavailable.retryAfterMs : undefined);
  const shared = {
    parameters: { service: part.service },
    cause: `part "${part.name}": ${part.service} answered ${status}${placeOf(headers)}`,
    ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
    ...(status === 401 ? { challenges: headerValues(headers, 'www-authenticate') } : {}),
  };
  const mapped = part.errors.get(status);
  if (mapped !== undefined) return new AppError(mapped, shared);
  if (status < 400 || isOfOurAsking(status)) return new AppError(coreErrors.BAD_GATEWAY, shared);
  const instead = status === 503 ? unavailable.kind : kindOfStatus(status);
  if (status >= 500 && status !== 503) return new AppError(instead, shared);
  const problem = readPartProblem(answer.body);
  if (problem === undefined) return new AppError(instead, shared);
  // Whose words a 503 without a code has is not known: of an instance, or of a proxy in front of it.
  const words = status === 503 ? {} : wordsOf(problem);
  const language = headerValue(headers, 'content-language');
  return (
    relayedError(problem, status, instead, { ...shared, language }) ?? new AppError(instead, { ...shared, ...words })
  );
}

function kindOfStatus(status: number): ErrorKind {
  return kinds.get(status) ?? (status < 500 ? coreErrors.INVALID_REQUEST : coreErrors.BAD_GATEWAY);
}

/** Where a redirect leads: often but a slash at the end that the target lacks. */
function placeOf(headers: readonly string[]): string {
  const place = headerValue(headers, 'location');
  return place === undefined ? '' : ` and redirects to ${place.slice(0, 200)}`;
}

function wordsOf({ fields, detail }: ReceivedProblem): Pick<AppErrorOptions, 'fields' | 'detail'> {
  return { fields, ...(detail === undefined ? {} : { detail }) };
}

/** The problem in a body (RFC 9457, ours or anybody's); undefined if it is something else. */
function readPartProblem(body: Buffer): ReceivedProblem | undefined {
  if (body.length > maxProblemBytes) return undefined;
  const read = readJson(body, maxProblemDepth);
  return read.ok ? readProblem(read.value) : undefined;
}
