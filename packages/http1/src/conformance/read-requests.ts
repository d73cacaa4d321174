import { BodyDecoder } from '../body/body-decoder.ts';
import { DEFAULT_LIMITS, type Limits } from '../fields/limits.ts';
import type { ParsedRequestHead } from '../head/request-head.ts';
import { RequestHeadParser } from '../head/request-head-parser.ts';
import type { Reason } from '../reasons/reasons.ts';

/** One request as read; bodies are latin1 text. */
export interface ReadRequest {
  readonly head: ParsedRequestHead;
  body: string;
  trailers: readonly string[];
  complete: boolean;
}

/** What a client's bytes meant. */
export interface RequestReading {
  readonly requests: ReadRequest[];
  /** Why reading stopped for good, if it did. */
  refused: Reason | undefined;
  /**
   * `idle` between messages, `head` or `body` inside one, `closed` after the last request the connection may carry, and
   * after one that offers another protocol: what follows that depends on the answer.
   */
  at: 'idle' | 'head' | 'body' | 'closed';
  /** How many bytes were taken. */
  taken: number;
}

/** Reads a connection's bytes, given in any split, as a server would. For tests: it keeps everything in memory. */
export function readRequests(chunks: Iterable<Buffer>, limits: Limits = DEFAULT_LIMITS): RequestReading {
  const parser = new RequestHeadParser(limits);
  const decoder = new BodyDecoder('request', limits);
  const reading: RequestReading = { requests: [], refused: undefined, at: 'idle', taken: 0 };
  for (const chunk of chunks) {
    let p = 0;
    while (p < chunk.length && reading.refused === undefined && reading.at !== 'closed') {
      const from = p;
      if (reading.at !== 'body') {
        p += parser.push(chunk, p, chunk.length);
        reading.at = parser.begun ? 'head' : 'idle';
        reading.refused = parser.rejection?.reason;
        if (parser.head !== undefined) {
          reading.requests.push({ head: parser.head, body: '', trailers: [], complete: false });
          decoder.start(parser.head.framing, parser.head.contentLength);
          reading.at = 'body';
        }
      }
      if (reading.at === 'body' && (p < chunk.length || decoder.ended || decoder.rejection !== undefined)) {
        p = readBody(reading, decoder, chunk, p);
        // Read through `at` again: the body may have ended.
        if (atOf(reading) !== 'body') parser.reset();
      }
      reading.taken += p - from;
    }
  }
  return reading;
}

function readBody(reading: RequestReading, decoder: BodyDecoder, chunk: Buffer, from: number): number {
  const request = reading.requests.at(-1);
  if (request === undefined) return from;
  let event = decoder.read(chunk, from, chunk.length);
  while (event === 'data') {
    request.body += chunk.toString('latin1', decoder.dataStart, decoder.dataEnd);
    event = decoder.read(chunk, decoder.position, chunk.length);
  }
  if (event === 'rejected') reading.refused = decoder.rejection?.reason;
  if (event === 'end') {
    request.trailers = decoder.trailers;
    request.complete = true;
    const { keepAlive, method, upgrade } = request.head;
    reading.at = keepAlive && method !== 'CONNECT' && upgrade.length === 0 ? 'idle' : 'closed';
  }
  return decoder.position;
}

function atOf(reading: RequestReading): RequestReading['at'] {
  return reading.at;
}
