import type { ClientRequest, IncomingHttpHeaders, OutgoingHttpHeaders } from 'node:http';
import type { Clock } from '@flotilla/contracts';
import type { Connections } from './connections.ts';
import { type CallFailure, mapNetworkError } from './network-error.ts';

/** One request and the bounds on it. */
export interface Exchange {
  readonly url: URL;
  readonly method: string;
  readonly headers: OutgoingHttpHeaders;
  readonly body: string | undefined;
  readonly connections: Connections;
  /** For the whole call, from connecting to the last byte. */
  readonly timeoutMs: number;
  readonly maxBodyBytes: number;
  readonly signal: AbortSignal | undefined;
  readonly clock: Clock;
}

/** A whole answer, of any status. */
export interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

/** What came of an exchange. */
export type ExchangeResult = { readonly kind: 'answer'; readonly answer: Answer } | CallFailure;

/** Sends a request and reads the whole answer. Never rejects. */
export async function exchange(options: Exchange): Promise<ExchangeResult> {
  const { signal, url, method, headers } = options;
  let outgoing: ClientRequest;
  try {
    const open = await options.connections.opener(url.protocol);
    if (signal?.aborted === true) return { kind: 'cancelled', cause: signal.reason as unknown };
    outgoing = open(url, { method, headers });
  } catch (cause) {
    return { kind: 'unsendable', cause };
  }
  return answerOf(outgoing, options);
}

function answerOf(outgoing: ClientRequest, options: Exchange): Promise<ExchangeResult> {
  const { promise, resolve } = Promise.withResolvers<ExchangeResult>();
  const { signal, timeoutMs } = options;
  // The first to settle wins; whatever is left of the connection is then of no use.
  const settle = (result: ExchangeResult): void => {
    timer.cancel();
    signal?.removeEventListener('abort', cancel);
    resolve(result);
    if (result.kind !== 'answer') outgoing.destroy();
  };
  const cancel = (): void => settle({ kind: 'cancelled', cause: signal?.reason });
  const timer = options.clock.after(timeoutMs, () => settle({ kind: 'timeout', timeoutMs }));
  signal?.addEventListener('abort', cancel, { once: true });

  outgoing.on('error', (error) => settle(mapNetworkError(error)));
  outgoing.on('response', (incoming) => {
    const chunks: Buffer[] = [];
    let size = 0;
    incoming.on('data', (chunk: Buffer) => {
      size += chunk.length;
      if (size > options.maxBodyBytes)
        settle({
          kind: 'invalid',
          reason: `the answer is larger than ${options.maxBodyBytes} bytes`,
          cause: undefined,
        });
      else chunks.push(chunk);
    });
    incoming.on('error', (error) => settle(mapNetworkError(error)));
    incoming.on('end', () => {
      const status = incoming.statusCode ?? 0;
      settle({ kind: 'answer', answer: { status, headers: incoming.headers, body: Buffer.concat(chunks, size) } });
    });
    incoming.on('close', () => settle({ kind: 'reset', cause: new Error('The connection closed within the answer') }));
  });
  outgoing.end(options.body);
  return promise;
}
