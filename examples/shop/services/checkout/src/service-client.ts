import type { IncomingHttpHeaders } from 'node:http';
import {
  AppError,
  type Clock,
  coreErrors,
  type Discovery,
  type ErrorKind,
  readProblem,
  relayedError,
} from '@flotilla/contracts';
import { createServiceCaller, endpointUrl } from '@flotilla/kit/calling';
import { type CallOptions, createHttpClient, describeFailure } from '@flotilla/kit/client';

/** A request that may be sent twice: a read, or one that the service does only once. */
export type SafeCall<T> = Pick<
  CallOptions<T>,
  'method' | 'path' | 'body' | 'headers' | 'schema' | 'requestId' | 'trace'
>;

/** The answer to a call. */
export interface Answer<T> {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly value: T;
}

/** Calls one service. */
export interface ServiceClient {
  /**
   * Asks one instance after the other.
   *
   * @param withinMs how long it may take, with all attempts. Default 2000 ms
   * @throws {AppError} what the service says, if it refuses. If nobody knows what happened, the error is `retryable`
   */
  call<T>(call: SafeCall<T>, withinMs?: number): Promise<Answer<T>>;
  close(): void;
}

/**
 * Creates the client of a service. `unavailable`: the error when nobody answers.
 *
 * If a contract has the operations that you call, `apiClient` of `@flotilla/kit/api` is shorter. This one repeats requests that an
 * operation does not declare as repeatable, tells 200 from 201, and reads no more of an answer than its caller needs.
 */
export function serviceClient(
  service: string,
  unavailable: ErrorKind<never>,
  { discovery, clock }: { readonly discovery: Discovery; readonly clock: Clock },
): ServiceClient {
  const http = createHttpClient();
  const caller = createServiceCaller({ discovery, clock, service, unavailable });
  return {
    call: (call, withinMs = Number.POSITIVE_INFINITY) =>
      caller.call(async (endpoint, { signal, timeoutMs }) => {
        const limits = { signal, timeoutMs: Math.max(1, Math.min(timeoutMs, withinMs)), clock };
        const result = await http.tryService({ ...call, ...limits, baseUrl: endpointUrl(endpoint) });
        if (result.kind === 'ok') return result;
        const problem = result.kind === 'status' && result.status < 500 ? readProblem(result.body) : undefined;
        const said =
          problem && result.kind === 'status'
            ? relayedError(problem, result.status, coreErrors.UNPROCESSABLE)
            : undefined;
        throw said ?? new AppError(unavailable, { cause: describeFailure(result) });
      }),
    close: () => http.close(),
  };
}
