import type { BodyDecoder } from '@flotilla/http1';
import type { RequestSink } from '../sides/client-side.ts';

/**
 * Hands what `chunk` has of a request's body to its exchange. Its memory may be kept: the socket reads into new one.
 *
 * @param onEnd called when the body is complete, before the exchange is told
 * @returns whether what follows in the chunk, at `body.position`, still means something: not after a broken rule
 */
export function relayRequestBody(
  body: BodyDecoder,
  exchange: RequestSink,
  chunk: Buffer,
  from: number,
  onEnd: () => void,
): boolean {
  let event = body.read(chunk, from, chunk.length);
  while (event === 'data') {
    exchange.onRequestBody(chunk.subarray(body.dataStart, body.dataEnd));
    event = body.read(chunk, body.position, chunk.length);
  }
  if (event === 'end') {
    onEnd();
    exchange.onRequestEnd(body.trailers);
  }
  if (event !== 'rejected') return true;
  const { rejection } = body;
  exchange.onRequestInvalid(rejection?.status ?? 400, rejection?.reason ?? '', rejection?.detail ?? '');
  return false;
}
