import type { AppError } from '@flotilla/contracts';
import { type CallOptions, type CallResult, callService, type FailedCall, tryService } from './call-service.ts';
import { createConnections } from './connections.ts';

/** Calls services over connections of its own. */
export interface HttpClient {
  /** {@link callService} over this client's connections. */
  callService<T = undefined>(
    options: CallOptions<T> & { readonly mapError?: (failure: FailedCall) => AppError },
  ): Promise<T>;
  /** {@link tryService} over this client's connections. */
  tryService<T = undefined>(options: CallOptions<T>): Promise<CallResult<T>>;
  /** Closes the idle connections and those of calls in flight. */
  close(): void;
}

/** What can be set. */
export interface HttpClientOptions {
  /** Connections to one service at a time; further calls wait. Default 100. */
  readonly maxSockets?: number;
  /** How long an idle connection is kept. Default 15 000: shorter than servers keep it, so they don't close it under a call. */
  readonly idleMs?: number;
}

export function createHttpClient(options: HttpClientOptions = {}): HttpClient {
  const connections = createConnections({ maxSockets: options.maxSockets ?? 100, timeout: options.idleMs ?? 15_000 });
  return {
    callService: (call) => callService({ ...call, connections }),
    tryService: (call) => tryService({ ...call, connections }),
    close: () => connections.close(),
  };
}
