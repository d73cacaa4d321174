import assert from 'node:assert/strict';
import { it } from 'node:test';
import { compareRequests } from './compare.ts';
import { runDifferential } from './differential.ts';
import { createRequestOracle, type NodeReading } from './node-oracle.ts';
import { Random } from './random.ts';
import { shrink } from './shrink.ts';

const COUNT = 20_000;
// Always the same messages here, so that this test says the same each time; the long job looks at new ones.
const SEED = 20_260_101;

it(`reads ${COUNT} generated and damaged messages never more leniently than Node's parser, nor otherwise`, async (t) => {
  t.diagnostic(`seed ${SEED}`);
  const { findings, accepted, messages } = await runDifferential({ seed: SEED, count: COUNT });
  assert.deepEqual(findings, [], `node tests/fuzz/http1-differential.ts --seed ${SEED} --count ${COUNT}`);
  assert.equal(messages, COUNT);
  assert.ok(accepted > COUNT / 4, `only ${accepted} inputs were read: the generators make too little sense`);
});

it('notices a request that Node refuses and one that Node reads otherwise', async () => {
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

it('shrinks a failing message to what makes it fail', async () => {
  const shrunk = await shrink('some bytes with a !! in them', async (bytes) => bytes.includes('!!'));
  assert.equal(shrunk, '!!');
});
