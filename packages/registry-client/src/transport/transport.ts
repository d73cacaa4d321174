import type { IncomingHttpHeaders } from 'node:http';

/** One HTTP request to a registry. */
export interface HttpCall {
  readonly method: string;
  readonly url: URL;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  /** Ends the call, and the reading of its answer, at once. */
  readonly signal: AbortSignal;
}

/** Its answer, as soon as the head of it is there. */
export interface HttpAnswer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  /** Fails when the connection is lost before the end, or the call's signal aborts. */
  readonly body: AsyncIterable<Buffer>;
}

/** What carries requests to a registry. Replace it to add, for example, client certificates. */
export interface Transport {
  /** Rejects with whatever the network says; `RegistryAddresses` gives that its meaning. */
  send(call: HttpCall): Promise<HttpAnswer>;
  /**
   * Calls `listener` when a connection that was kept open and unused is closed by the other side: mostly because that
   * has ended. Returns what ends the calls. Optional: without it a registry that restarts is noticed at the next renewal.
   */
  onConnectionLost?(listener: () => void): () => void;
  /** Closes idle connections. */
  close(): void;
}
