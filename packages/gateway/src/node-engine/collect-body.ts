import type { IncomingMessage } from 'node:http';
import type { Attempt, AttemptFailure } from './attempt.ts';

export type CollectedBody =
  | { readonly kind: 'body'; readonly bytes: Buffer }
  | { readonly kind: 'failed'; readonly outcome: AttemptFailure };

/** Reads a response's whole body into memory and ends the attempt. A body larger than `maxBytes` is `invalid`. */
export function collectBody(attempt: Attempt, response: IncomingMessage, maxBytes: number): Promise<CollectedBody> {
  return new Promise((resolve) => {
    const chunks: Buffer[] = [];
    let bytes = 0;
    attempt.onFailure = (outcome) => resolve({ kind: 'failed', outcome });
    response.on('data', (chunk: Buffer) => {
      attempt.progress();
      bytes += chunk.length;
      if (bytes > maxBytes) attempt.fail({ kind: 'invalid', reason: `the body is larger than ${maxBytes} bytes` });
      else chunks.push(chunk);
    });
    response.on('end', () => {
      if (!response.complete) return;
      attempt.complete();
      resolve({ kind: 'body', bytes: Buffer.concat(chunks) });
    });
  });
}
