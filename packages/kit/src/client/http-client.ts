import type { AppError } from '@flotilla/contracts';
import { nodeTransport } from '@flotilla/contracts/http-client';
import { type CallOptions, type CallResult, callService, type FailedCall } from './call-service.ts';
import { tracedCall } from './client-span.ts';

/** Calls services over its own connections, which it keeps open between calls. */
export interface HttpClient {
  /**
   * Calls a service and returns its answer; throws the error that `mapError` returns for any other outcome. Without
   * `mapError`: GATEWAY_TIMEOUT, CLIENT_CLOSED_REQUEST, BAD_GATEWAY or SERVICE_UNAVAILABLE, with the address; INTERNAL if
   * the options do not make a valid request.
   */
  callService<T = undefined>(
    options: CallOptions<T> & { readonly mapError?: (failure: FailedCall) => AppError },
  ): Promise<T>;
  /** Calls a service; the result covers every outcome, and nothing is thrown. */
  tryService<T = undefined>(options: CallOptions<T>): Promise<CallResult<T>>;
  /** Closes the idle connections and those of calls in flight. */
  close(): void;
}

/** Options of {@link createHttpClient}. */
export interface HttpClientOptions {
  /** Connections to one service at a time; further calls wait. Default 100. */
  readonly maxSockets?: number;
  /** How long an idle connection is kept. Default 15 000: shorter than servers keep it, so that they do not close it during a call. */
  readonly idleMs?: number;
}

export function createHttpClient(options: HttpClientOptions = {}): HttpClient {
  const transport = nodeTransport({ maxSockets: options.maxSockets ?? 100, idleMs: options.idleMs ?? 15_000 });
  return {
    callService: (call) => callService(call, (options) => tracedCall(transport, options)),
    tryService: (call) => tracedCall(transport, call),
    close: () => transport.close(),
  };
}
