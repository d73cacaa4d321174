import type { IncomingHttpHeaders } from 'node:http';
import { AppError, type Clock, ForeseenError, headerNames, systemClock } from '@flotilla/contracts';
import { type BoundedRequest, type CallFailure, sendRequest, type Transport } from '@flotilla/contracts/http-client';
import { readJson } from '@flotilla/contracts/json';
import type { z } from 'zod';
import { formatTraceparent, type TraceContext } from '../telemetry/index.ts';

/** One call of another service. */
export interface CallOptions<T> {
  /** `http://127.0.0.1:8001`, or with `https:` */
  readonly baseUrl: string;
  /** The path and query, already encoded: `/users/1?x=y`. */
  readonly path: string;
  /** Default GET. */
  readonly method?: 'GET' | 'HEAD' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** Sent as JSON. */
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
  /** Limit for the whole call. Default 5000: a person is waiting. */
  readonly timeoutMs?: number;
  readonly signal?: AbortSignal | undefined;
  /**
   * The span this call belongs to; sent as `traceparent`. In a program that is traced, the call gets a span of its own below it.
   * Default: the one within which the code runs.
   */
  readonly trace?: TraceContext | undefined;
  /** The path with the names of its parameters, `/users/{id}`, for the name of the call's span. */
  readonly pathTemplate?: string | undefined;
  /** The service that is called, by the name it registers under; for the call's span. */
  readonly service?: string | undefined;
  /** How often the request has been sent before, to this or another instance. Default 0. */
  readonly resendCount?: number | undefined;
  readonly requestId?: string | undefined;
  /** The schema of a successful answer's body. Without it, the body is read and dropped. */
  readonly schema?: z.ZodType<T>;
  /** Larger answers are refused. Default 1 MiB. */
  readonly maxBodyBytes?: number;
  readonly clock?: Clock;
}

/** The result of a call. */
export type CallResult<T> =
  /** A status below 300, and a body that matches the schema. */
  | { readonly kind: 'ok'; readonly status: number; readonly headers: IncomingHttpHeaders; readonly value: T }
  /** Any other status. `code` is the stable code if the body is one of our problems. */
  | {
      readonly kind: 'status';
      readonly status: number;
      readonly headers: IncomingHttpHeaders;
      readonly code: string | undefined;
      readonly body: unknown;
    }
  | CallFailure;

/** The result of a failed call: everything but `ok`. */
export type FailedCall = Exclude<CallResult<unknown>, { readonly kind: 'ok' }>;

/** Calls a service; the result covers every outcome, and nothing is thrown. */
export async function tryService<T = undefined>(transport: Transport, options: CallOptions<T>): Promise<CallResult<T>> {
  const request = requestOf(transport, options);
  if ('kind' in request) return request;
  const outcome = await sendRequest(request);
  if (outcome.kind !== 'answer') return outcome;
  const { status, headers } = outcome.answer;
  if (status >= 300) {
    const problem = jsonIn(outcome.answer.body);
    return { kind: 'status', status, headers, code: codeOf(problem), body: problem };
  }
  // Without a schema, T is undefined.
  if (options.schema === undefined) return { kind: 'ok', status, headers, value: undefined as T };
  const value = options.schema.safeParse(jsonIn(outcome.answer.body));
  if (value.success) return { kind: 'ok', status, headers, value: value.data };
  return { kind: 'invalid', reason: 'its body does not match the expected schema', cause: value.error };
}

/**
 * Calls a service and returns its answer; throws the error that `mapError` returns for any other outcome. Without `mapError`:
 * GATEWAY_TIMEOUT, CLIENT_CLOSED_REQUEST, BAD_GATEWAY or SERVICE_UNAVAILABLE, with the address; INTERNAL if the options do
 * not make a valid request.
 */
export async function callService<T = undefined>(
  options: CallOptions<T> & { readonly mapError?: (failure: FailedCall) => AppError },
  send: (options: CallOptions<T>) => Promise<CallResult<T>>,
): Promise<T> {
  const result = await send(options);
  if (result.kind === 'ok') return result.value;
  throw (options.mapError ?? ((failure) => defaultError(failure, options.baseUrl)))(result);
}

function defaultError(failure: FailedCall, service: string): AppError {
  const parameters = { service };
  switch (failure.kind) {
    case 'timeout':
      return new AppError('GATEWAY_TIMEOUT', { parameters, cause: describeFailure(failure) });
    case 'cancelled':
      return new AppError('CLIENT_CLOSED_REQUEST', { cause: failure.cause });
    case 'unsendable':
      return new AppError('INTERNAL', { cause: describeFailure(failure) });
    case 'refused':
    case 'reset':
      return new AppError('SERVICE_UNAVAILABLE', { parameters, retryAfterMs: 1000, cause: failure.cause });
    case 'status':
      return failure.status === 503 || failure.status === 429
        ? new AppError('SERVICE_UNAVAILABLE', { parameters, retryAfterMs: 1000, cause: describeFailure(failure) })
        : new AppError('BAD_GATEWAY', { parameters, cause: describeFailure(failure) });
    case 'invalid':
      return new AppError('BAD_GATEWAY', { parameters, cause: describeFailure(failure) });
    default:
      return failure satisfies never;
  }
}

/** A failed call as an error, the cause of the one that is thrown: it tells the log what happened. */
export function describeFailure(failure: FailedCall): Error {
  switch (failure.kind) {
    case 'timeout':
      return new ForeseenError(`The call took longer than ${failure.timeoutMs} ms`);
    case 'status':
      return new ForeseenError(
        `The service answered ${failure.status}${failure.code === undefined ? '' : ` ${failure.code}`}`,
      );
    case 'invalid':
      return new ForeseenError(`The service's answer is not valid: ${failure.reason}`, { cause: failure.cause });
    case 'unsendable':
      return new Error('The options do not make a valid request', { cause: failure.cause });
    case 'refused':
      return new ForeseenError('Cannot connect to the service', { cause: failure.cause });
    case 'reset':
      return new ForeseenError('The connection to the service was lost', { cause: failure.cause });
    case 'cancelled':
      return new ForeseenError('The call was cancelled', { cause: failure.cause });
    default:
      return failure satisfies never;
  }
}

/** The request to send; `unsendable` if the options do not make a valid one. */
function requestOf(
  transport: Transport,
  options: CallOptions<unknown>,
): BoundedRequest | Extract<CallFailure, { readonly kind: 'unsendable' }> {
  try {
    const body = options.body === undefined ? undefined : JSON.stringify(options.body);
    return {
      url: new URL(options.path, options.baseUrl),
      method: options.method ?? 'GET',
      headers: headersOf(options),
      body,
      transport,
      timeoutMs: options.timeoutMs ?? 5_000,
      maxBodyBytes: options.maxBodyBytes ?? 1_048_576,
      signal: options.signal,
      clock: options.clock ?? systemClock,
    };
  } catch (cause) {
    return { kind: 'unsendable', cause };
  }
}

function headersOf(options: CallOptions<unknown>): Record<string, string> {
  const { trace, requestId } = options;
  return {
    accept: 'application/json',
    ...options.headers,
    ...(requestId === undefined ? {} : { [headerNames.requestId]: requestId }),
    ...(trace === undefined ? {} : { [headerNames.traceparent]: formatTraceparent(trace) }),
    ...(trace?.tracestate === undefined ? {} : { [headerNames.tracestate]: trace.tracestate }),
    ...(trace?.baggage === undefined ? {} : { [headerNames.baggage]: trace.baggage }),
  };
}

function jsonIn(body: Buffer): unknown {
  const read = readJson(body);
  return read.ok ? read.value : undefined;
}

function codeOf(problem: unknown): string | undefined {
  if (typeof problem !== 'object' || problem === null || !('code' in problem)) return undefined;
  return typeof problem.code === 'string' ? problem.code : undefined;
}
