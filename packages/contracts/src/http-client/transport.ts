import type { IncomingHttpHeaders } from 'node:http';

/** One HTTP request. */
export interface HttpCall {
  readonly method: string;
  readonly url: URL;
  readonly headers?: Readonly<Record<string, string>>;
  /** JSON. */
  readonly body?: string | undefined;
  /**
   * Whether it does no harm to send it twice: it is sent again, once, when a connection that was kept open turns out to
   * have been closed by the other side. Default: whether its method is idempotent (RFC 9110, section 9.2.2).
   */
  readonly mayRepeat?: boolean | undefined;
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

/** What carries requests. Replace it to add, for example, client certificates. */
export interface Transport {
  /** Rejects with whatever the network says, or with an {@link UnsendableRequest}. */
  send(call: HttpCall): Promise<HttpAnswer>;
  /**
   * Calls `listener` when a connection that was kept open and unused is closed by the other side: mostly because that
   * has ended. Returns what ends the calls. Optional: without it a registry that restarts is noticed at the next renewal.
   */
  onConnectionLost?(listener: () => void): () => void;
  /** Closes the idle connections and those of calls in flight. */
  close(): void;
}

/** No request can be made of what was given: a scheme, method or field that HTTP does not have. */
export class UnsendableRequest extends Error {
  override readonly name = 'UnsendableRequest';
}
