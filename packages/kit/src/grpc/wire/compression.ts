import { gunzipSync } from 'node:zlib';
import { AppError } from '@flotilla/contracts';

/** What we can read, for the header of that name. Answers are sent as they are: records are small. */
export const acceptedEncodings = 'identity,gzip';

/**
 * The bytes of a compressed message. At most `limitBytes`, so that a small message cannot fill the memory.
 *
 * @throws {AppError} PAYLOAD_TOO_LARGE; INVALID_REQUEST
 */
export type Decompress = (message: Buffer, limitBytes: number) => Buffer;

/** How messages of a call with this `grpc-encoding` are compressed; undefined: in a way that we cannot read. */
export function decompressionOf(encoding: string | undefined): Decompress | undefined {
  switch (encoding) {
    case undefined:
    case 'identity':
      return refuse;
    case 'gzip':
      return gunzip;
    default:
      return undefined;
  }
}

function refuse(): never {
  throw new AppError('NOT_IMPLEMENTED', {
    detail: 'A message is compressed, but grpc-encoding does not say how.',
  });
}

function gunzip(message: Buffer, limitBytes: number): Buffer {
  try {
    return gunzipSync(message, { maxOutputLength: limitBytes });
  } catch (cause) {
    if (cause instanceof RangeError) throw new AppError('PAYLOAD_TOO_LARGE', { parameters: { limitBytes }, cause });
    throw new AppError('INVALID_REQUEST', { detail: 'A message is not valid gzip.', cause });
  }
}
