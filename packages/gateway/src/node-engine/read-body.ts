import type { IncomingMessage } from 'node:http';
import { AppError, type Clock } from '@flotilla/contracts';
import { StallTimer } from './stall-timer.ts';

/**
 * Reads a request's whole body into memory.
 *
 * @throws AppError PAYLOAD_TOO_LARGE, REQUEST_TIMEOUT after `progressMs` of silence, or CLIENT_CLOSED_REQUEST
 */
export function readBody(
  request: IncomingMessage,
  limitBytes: number,
  progressMs: number,
  clock: Clock,
): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let bytes = 0;
    const fail = (error: AppError): void => {
      stall.stop();
      request.removeListener('data', onData);
      request.pause();
      reject(error);
    };
    const stall = new StallTimer(clock, () => fail(new AppError('REQUEST_TIMEOUT')));
    const onData = (chunk: Buffer): void => {
      stall.touch();
      bytes += chunk.length;
      if (bytes > limitBytes) fail(new AppError('PAYLOAD_TOO_LARGE', { parameters: { limitBytes } }));
      else chunks.push(chunk);
    };
    stall.start(progressMs);
    request.on('data', onData);
    request.resume();
    request.on('end', () => {
      stall.stop();
      resolve(Buffer.concat(chunks));
    });
    request.on('close', () => {
      if (!request.complete) fail(new AppError('CLIENT_CLOSED_REQUEST'));
    });
  });
}
