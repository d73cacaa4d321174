import type { IncomingMessage } from 'node:http';
import type { Attempt, AttemptFailure } from './attempt.ts';
import type { Exchange } from './exchange.ts';
import { StallTimer } from './stall-timer.ts';

/** Streams a response's body to the client, no faster than the client reads. Settles with how it failed, if it did. */
export function relayBody(
  exchange: Exchange,
  attempt: Attempt,
  upstream: IncomingMessage,
): Promise<AttemptFailure | undefined> {
  const { response, record, options } = exchange;
  return new Promise((resolve) => {
    const slowClient = new StallTimer(options.clock, () => {
      record.ending = 'client-gone';
      attempt.cancel();
      response.destroy();
    });
    const end = (failure: AttemptFailure | undefined): void => {
      slowClient.stop();
      resolve(failure);
    };
    attempt.onFailure = end;
    upstream.on('data', (chunk: Buffer) => {
      attempt.progress();
      record.responseBytes += chunk.length;
      if (response.write(chunk)) return;
      upstream.pause();
      slowClient.start(options.timeouts.writeProgressMs);
    });
    response.on('drain', () => {
      slowClient.stop();
      attempt.progress();
      upstream.resume();
    });
    upstream.on('end', () => {
      if (!upstream.complete) return;
      attempt.complete();
      response.end();
      end(undefined);
    });
  });
}
