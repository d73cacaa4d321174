import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { DEFAULT_LIMITS } from '../fields/limits.ts';
import {
  REQUEST_CASES,
  RESPONSE_CASES,
  type RequestCase,
  type ResponseCase,
  readRequests,
  readResponse,
} from './index.ts';

const RANDOM_SPLITS = 25;

/** The bytes whole, byte by byte and cut at random places; the generator is seeded, so a failure comes again. */
function* splits(bytes: string): Generator<[string, Buffer[]]> {
  const whole = Buffer.from(bytes, 'latin1');
  yield ['whole', [whole]];
  yield ['byte by byte', Array.from(whole, (_, i) => whole.subarray(i, i + 1))];
  let state = 1;
  const random = (below: number): number => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0;
    return (state >>> 8) % below;
  };
  for (let n = 0; n < RANDOM_SPLITS; n++) {
    const pieces: Buffer[] = [];
    for (let at = 0; at < whole.length; ) {
      const size = 1 + random(n % 2 === 0 ? 7 : 60);
      pieces.push(whole.subarray(at, at + size));
      at += size;
    }
    yield [`random split ${n}`, pieces];
  }
}

function readingOf(pieces: Buffer[], { limits }: RequestCase): object {
  const { requests, refused, at } = readRequests(pieces, { ...DEFAULT_LIMITS, ...limits });
  return {
    refused,
    unfinished: refused === undefined && (at === 'head' || at === 'body') ? at : undefined,
    reads: requests
      .filter(({ complete }) => complete)
      .map(({ head, body, trailers }) => ({
        method: head.method,
        target: head.target,
        host: head.host,
        body,
        trailers,
      })),
  };
}

describe('requests are read as the table says, however they are split', () => {
  for (const one of REQUEST_CASES) {
    it(`${one.name} (${one.rule})`, () => {
      const expected = {
        refused: one.refused,
        unfinished: one.unfinished,
        reads: one.reads.map((request) => ({ body: '', trailers: [], ...request })),
      };
      for (const [split, pieces] of splits(one.bytes)) assert.deepEqual(readingOf(pieces, one), expected, split);
    });
  }
});

function responseOf(pieces: Buffer[], one: ResponseCase): object {
  const reading = readResponse(pieces, one.method, one.offered);
  const extra = one.bytes.length - reading.taken;
  return {
    statuses: reading.heads.map(({ status }) => status),
    refused: reading.refused,
    cut: reading.at === 'cut',
    body: reading.body,
    trailers: reading.trailers,
    extraBytes: reading.refused === undefined ? extra : 0,
  };
}

describe('responses are read as the table says, however they are split', () => {
  for (const one of RESPONSE_CASES) {
    it(`${one.name} (${one.rule})`, () => {
      const expected = {
        statuses: one.statuses,
        refused: one.refused,
        cut: one.cut === true,
        body: one.body ?? '',
        trailers: one.trailers ?? [],
        extraBytes: one.extraBytes ?? 0,
      };
      for (const [split, pieces] of splits(one.bytes)) assert.deepEqual(responseOf(pieces, one), expected, split);
    });
  }
});

describe('the table', () => {
  it('has at least 150 cases with unique names', () => {
    const names = [...REQUEST_CASES.map(({ name }) => name), ...RESPONSE_CASES.map(({ name }) => `response: ${name}`)];
    assert.ok(names.length >= 150);
    assert.deepEqual(
      names.filter((name, i) => names.indexOf(name) !== i),
      [],
    );
  });
});
