import type { IncomingHttpHeaders } from 'node:http';

/** One HTTP request. */
export interface HttpCall {
  readonly method: string;
  readonly url: URL;
  readonly headers?: Readonly<Record<string, string>>;
  /** JSON. */
  readonly body?: string | undefined;
  /**
   * Whether the request is safe to send twice: it is sent again, once, when a kept connection turns out to have been
   * closed by the other side. Default: whether its method is idempotent (RFC 9110, section 9.2.2).
   */
  readonly mayRepeat?: boolean | undefined;
  /** Ends the call, and the reading of its answer, at once. */
  readonly signal: AbortSignal;
}

/** The answer, as soon as its head has arrived. */
export interface HttpAnswer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  /** Fails when the connection is lost before the end, or the call's signal aborts. */
  readonly body: AsyncIterable<Buffer>;
}

/** What carries requests. Replace it to add, for example, client certificates. */
export interface Transport {
  /** Rejects with the network's error, or with an {@link UnsendableRequest}. */
  send(call: HttpCall): Promise<HttpAnswer>;
  /**
   * Calls `listener` when the other side closes an idle kept connection: usually because that process has ended.
   * Returns a function that stops the calls. Optional: without it, a restarted registry is noticed at the next renewal.
   */
  onConnectionLost?(listener: () => void): () => void;
  /** Closes idle connections and those of calls in progress. */
  close(): void;
}

/** The request is not possible: its scheme, method or a field does not exist in HTTP. */
export class UnsendableRequest extends Error {
  override readonly name = 'UnsendableRequest';
}
