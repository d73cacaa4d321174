import assert from 'node:assert/strict';
import { it } from 'node:test';
import { compareRequests } from './compare.ts';
import { runDifferential } from './differential.ts';
import type { Question } from './generate.ts';
import { createRequestOracle, type NodeReading } from './node-oracle.ts';
import { plainForm } from './plain-form.ts';
import { Random } from './random.ts';
import { shrink } from './shrink.ts';

const COUNT = 20_000;
// Always the same messages here, so that this test says the same each time; the long job looks at new ones.
const SEED = 20_260_101;

/**
 * What the codec reads and Node's strict parser refuses, since there is one reading of it: then both read its plain form. A
 * form that is missing here is nothing that Node may refuse.
 */
const EXEMPT = [
  'chunk-blanks',
  'framing-without-body',
  'higher-minor-version',
  'interim-close',
  'meaningless-trailer',
  'repeated-length',
];

it(`reads ${COUNT} generated and damaged messages never more leniently than Node's parser, and never differently`, async (t) => {
  t.diagnostic(`seed ${SEED}`);
  const { exempt, findings, accepted, messages } = await runDifferential({ seed: SEED, count: COUNT });
  assert.deepEqual(findings, [], `node tests/fuzz/http1-differential.ts --seed ${SEED} --count ${COUNT}`);
  assert.equal(messages, COUNT);
  assert.deepEqual([...exempt.keys()].sort(), EXEMPT);
  t.diagnostic(`read in their plain form: ${[...exempt].map(([form, count]) => `${form} ${count}`).join(', ')}`);
  assert.ok(accepted > COUNT / 4, `only ${accepted} inputs were read: the generators make too little sense`);
});

it('notices a request that Node refuses and one that Node reads differently', async () => {
  const bytes = 'GET / HTTP/1.1\r\nHost: a\r\n\r\n';
  const [node] = await createRequestOracle()([bytes]);
  assert.ok(node !== undefined);
  const verdict = (reading: NodeReading) => compareRequests(bytes, reading, new Random(1)).problem;
  assert.equal(verdict(node), undefined);
  assert.match(verdict({ messages: [], error: 'HPE_TEST' }) ?? '', /HPE_TEST/);
  const [first] = node.messages;
  assert.ok(first !== undefined);
  assert.match(verdict({ ...node, messages: [{ ...first, body: 'x' }] }) ?? '', /body/);
  assert.match(verdict({ ...node, messages: [{ ...first, rawHeaders: ['Host', 'b'] }] }) ?? '', /fields/);
  assert.match(verdict({ ...node, messages: [first, first] }) ?? '', /another request/);
});

it('prints only the exceptions in a plain form', () => {
  const get: Question = { method: 'GET', upgrade: false };
  const ok = 'HTTP/1.1 200 OK\r\n';
  const cases: readonly (readonly [odd: string, plain: string, question: Question | undefined])[] = [
    ['GET / HTTP/1.2\r\n\r\n', 'GET / HTTP/1.1\r\n\r\n', undefined],
    ['GET / HTTP/2.0\r\n\r\n', 'GET / HTTP/2.0\r\n\r\n', undefined],
    [`${ok}Content-Length: 2, 2\r\n\r\nhi`, `${ok}Content-Length: 2\r\n\r\nhi`, get],
    [`${ok}Content-Length: 2, 3\r\n\r\nhi`, `${ok}Content-Length: 2, 3\r\n\r\nhi`, get],
    ['HTTP/1.1 204 X\r\nContent-Length: x\r\n\r\nhi', 'HTTP/1.1 204 X\r\n\r\nhi', get],
    ['POST / HTTP/1.1\r\nContent-Length: x\r\n\r\n', 'POST / HTTP/1.1\r\nContent-Length: x\r\n\r\n', undefined],
  ];
  for (const [odd, plain, question] of cases) assert.equal(plainForm(odd, question).bytes, plain);
  const chunked = (chunks: string): string => `${ok}Transfer-Encoding: chunked\r\n\r\n${chunks}`;
  const plainChunks = (chunks: string): string => plainForm(chunked(chunks), get).bytes;
  assert.equal(plainChunks('2 ; a = b\r\nhi\r\n0\r\nHost: b\r\n\r\n'), chunked('2\r\nhi\r\n0\r\n\r\n'));
  for (const same of ['2 2\r\nhi\r\n', '2;a b\r\nhi\r\n', '0\r\nX : 1\r\n\r\n', '0\r\nHost: \0\r\n\r\n']) {
    assert.equal(plainChunks(same), chunked(same));
  }
});

it('reduces a failing message to its cause', async () => {
  const shrunk = await shrink('some bytes with a !! in them', async (bytes) => bytes.includes('!!'));
  assert.equal(shrunk, '!!');
});
