import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { test } from 'node:test';
import { FakeClock } from '@flotilla/testing';
import { type Answer, unservedWords, waitUntilServed } from './wait-until-served.ts';

const missing: Answer = { status: 503, says: 'The service delivery-service is not available' };
const silence: Answer = { status: 0, says: undefined };

/** What is told, and after how long, when a request is answered so. */
async function told(answerAt: (ms: number) => Answer) {
  const clock = new FakeClock();
  const startMs = clock.monotonicMs();
  let endMs = Number.NaN;
  const ask = (): Promise<Answer> => Promise.resolve(answerAt(clock.monotonicMs() - startMs));
  const waiting = waitUntilServed(['http://a/'], { clock, limitMs: 5_000, ask }).finally(() => {
    endMs = clock.monotonicMs();
  });
  for (let stepMs = 0; stepMs <= 6_000 && Number.isNaN(endMs); stepMs += 20) await clock.advanceAsync(20);
  return { failing: await waiting, afterMs: endMs - startMs };
}

test('a request that works soon is waited for', async () => {
  const { failing, afterMs } = await told((ms) => (ms < 300 ? missing : { status: 200, says: undefined }));
  assert.deepEqual(failing, []);
  assert.ok(afterMs <= 300 + 320, String(afterMs));
});

test('a request that is refused in the same way for a second is no longer waited for', async () => {
  const { failing, afterMs } = await told(() => missing);
  assert.deepEqual(failing, [{ url: 'http://a/', ...missing }]);
  assert.ok(afterMs <= 1_000 + 2 * 320, String(afterMs));
});

test('a program that does not answer, or answers differently each time, gets the whole time', async () => {
  for (const answerAt of [() => silence, (ms: number) => ({ status: 503, says: String(ms >> 9) })])
    assert.ok((await told(answerAt)).afterMs >= 5_000);
});

test('what is missing is reported in the words of the answer, as one printable line', async () => {
  const server = createServer((_request, response) => {
    response.writeHead(503).end(JSON.stringify({ title: 'No \u001b[2Jdelivery\nhere' }));
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const { port } = server.address() as AddressInfo; // Listening on TCP.
  const url = `http://127.0.0.1:${port}/offers`;
  const clock = new FakeClock();
  const waiting = waitUntilServed([url], { clock, limitMs: 0 });
  clock.advance(20);
  const [failing] = await waiting;
  server.close();
  assert.ok(failing);
  assert.equal(unservedWords(failing), `${url} is answered with 503: No \\u001b[2Jdelivery\\u000ahere`);
  assert.match(unservedWords({ ...failing, says: undefined }), /503: the log lines above may say why$/);
  assert.equal(unservedWords({ ...failing, ...silence }), `${url} is not answered`);
});
