import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { decodeAnswer, encodeQuestion, recordTypes } from './dns-message.ts';

const head = Buffer.from([0, 7, 0x81, 0x80, 0, 1, 0, 2, 0, 0, 0, 0]);
const question = encodeQuestion(7, 'ships.example', 33).subarray(12, -11);
/** Names that point to the one of the question, with a label before it. */
const srv = Buffer.from([0xc0, 12, 0, 33, 0, 1, 0, 0, 0, 9, 0, 10, 0, 1, 0, 2, 0x1f, 0x90, 1, 97, 0xc0, 12]);
const address = Buffer.from([1, 97, 0xc0, 12, 0, 1, 0, 1, 0, 0, 0, 5, 0, 4, 10, 0, 0, 1]);
const answer = Buffer.concat([head, question, srv, address]);

test('reads compressed names, times and numbers', () => {
  assert.deepEqual(decodeAnswer(answer), {
    ...{ id: 7, code: 0, isTruncated: false, question: { name: 'ships.example', type: recordTypes.SRV } },
    answers: [
      {
        ...{ name: 'ships.example', ttlMs: 9_000, type: 'SRV', priority: 1, weight: 2, port: 8080 },
        target: 'a.ships.example',
      },
      { name: 'a.ships.example', ttlMs: 5_000, type: 'A', address: '10.0.0.1' },
    ],
    ...{ authorities: [], additionals: [] },
  });
});

test('a question is one name, one type, and how much fits', () => {
  const bytes = encodeQuestion(0x1234, 'a.b', 33);
  assert.equal(bytes.toString('hex'), '1234010000010000000000010161016200002100010000290' + '4d0000000000000');
});

test('bytes that are changed, cut or made up are read or refused, in no time', () => {
  const readOrRefused = (bytes: Buffer): void => {
    try {
      decodeAnswer(bytes);
    } catch (error) {
      assert.match(String(error), /^Error: the answer of the name server cannot be read$/);
    }
  };
  const changes = fc.array(fc.tuple(fc.nat(answer.length - 1), fc.nat(255)), { minLength: 1, maxLength: 6 });
  fc.assert(
    fc.property(changes, fc.nat(answer.length), (edits, length) => {
      const bytes = Buffer.from(answer.subarray(0, length < 12 ? answer.length : length));
      for (const [at, value] of edits) if (at < bytes.length) bytes[at] = value;
      readOrRefused(bytes);
    }),
    { numRuns: 2_000 },
  );
  fc.assert(fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => readOrRefused(Buffer.from(bytes))));
});

test('a name that points at itself, or forward, is refused', () => {
  for (const pointer of [12, 14, 40]) {
    const bytes = Buffer.concat([head, Buffer.from([0xc0, pointer, 0, 33, 0, 1]), Buffer.alloc(40)]);
    assert.throws(() => decodeAnswer(bytes), /cannot be read/);
  }
});
