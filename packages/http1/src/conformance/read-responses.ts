import { BodyDecoder } from '../body/body-decoder.ts';
import { DEFAULT_RESPONSE_LIMITS, type Limits } from '../fields/limits.ts';
import type { ParsedResponseHead } from '../head/response-head.ts';
import { ResponseHeadParser } from '../head/response-head-parser.ts';
import type { Reason } from '../reasons/reasons.ts';

/** What an upstream's bytes meant as the answer to one request. */
export interface ResponseReading {
  /** Informational heads first, the final one last. */
  readonly heads: ParsedResponseHead[];
  body: string;
  trailers: readonly string[];
  refused: Reason | undefined;
  /** `end`: complete. `cut`: the connection ended before the response did. */
  at: 'head' | 'body' | 'end' | 'cut';
  /** How many bytes were taken; more would be a message nobody asked for. */
  taken: number;
}

/** Reads the answer to one request from bytes in any split, as if the connection ended after them. For tests. */
export function readResponse(
  chunks: Iterable<Buffer>,
  method = 'GET',
  offered: readonly string[] = [],
  limits: Limits = DEFAULT_RESPONSE_LIMITS,
): ResponseReading {
  const parser = new ResponseHeadParser(limits);
  const decoder = new BodyDecoder('response', limits);
  parser.expect(method, offered);
  const reading: ResponseReading = { heads: [], body: '', trailers: [], refused: undefined, at: 'head', taken: 0 };
  for (const chunk of chunks) {
    let p = 0;
    while (p < chunk.length && reading.refused === undefined && reading.at === 'head') {
      p += parser.push(chunk, p, chunk.length);
      reading.refused = parser.rejection?.reason;
      if (parser.head === undefined) continue;
      reading.heads.push(parser.head);
      if (parser.head.informational) parser.reset();
      else {
        decoder.start(parser.head.framing, parser.head.contentLength);
        reading.at = 'body';
      }
    }
    if (atOf(reading) === 'body') p = readBody(reading, decoder, chunk, p);
    reading.taken += p;
  }
  if (reading.refused !== undefined) return reading;
  if (atOf(reading) !== 'end') reading.at = atOf(reading) === 'body' && decoder.finish() ? 'end' : 'cut';
  return reading;
}

function readBody(reading: ResponseReading, decoder: BodyDecoder, chunk: Buffer, from: number): number {
  let event = decoder.read(chunk, from, chunk.length);
  while (event === 'data') {
    reading.body += chunk.toString('latin1', decoder.dataStart, decoder.dataEnd);
    event = decoder.read(chunk, decoder.position, chunk.length);
  }
  if (event === 'rejected') reading.refused = decoder.rejection?.reason;
  if (event === 'end') {
    reading.trailers = decoder.trailers;
    reading.at = 'end';
  }
  return decoder.position;
}

// Keeps the compiler from narrowing a field that another function changes.
function atOf(reading: ResponseReading): ResponseReading['at'] {
  return reading.at;
}
