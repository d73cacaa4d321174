import { Readable } from 'node:stream';
import type { Transport } from '@flotilla/contracts/http-client';

/** A transport that knows whether a request of it is on its way. An open event stream does not count as one. */
export interface CountedTransport {
  readonly transport: Transport;
  isIdle(): boolean;
}

/** Counts the requests of `inner`, so that a test moves its clock only when nothing but time is waited for. */
export function countedTransport(inner: Transport): CountedTransport {
  let onTheirWay = 0;
  return {
    isIdle: () => onTheirWay === 0,
    transport: {
      close: () => inner.close(),
      onConnectionLost: (listener) => inner.onConnectionLost?.(listener) ?? (() => {}),
      async send(call) {
        onTheirWay += 1;
        try {
          const answer = await inner.send(call);
          if (answer.headers['content-type'] === 'text/event-stream') return answer;
          // Read here, so that the whole answer has come when the request no longer counts.
          const body: Buffer[] = [];
          for await (const chunk of answer.body) body.push(chunk);
          return { ...answer, body: Readable.from(body) };
        } finally {
          onTheirWay -= 1;
        }
      },
    },
  };
}
