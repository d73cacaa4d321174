import assert from 'node:assert/strict';
import { type ClientHttp2Session, connect, constants } from 'node:http2';
import { describe, it } from 'node:test';
import { answerEach, gate, rawUpstream, secureEngine, withPolicies } from '@flotilla/conformance';
import { waitUntil } from '@flotilla/testing';
import { createSocketEngine } from '../socket-engine.ts';

const goOn = { kind: 'go-on' } as const;
const hello = 'HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello';
const post = { ':method': 'POST', ':path': '/ship/' };

/** A session of Node's own client, which ends with the test. */
function open(port: number): ClientHttp2Session & Disposable {
  const session = connect(`https://localhost:${port}`, { rejectUnauthorized: false });
  session.on('error', () => undefined);
  return Object.assign(session, { [Symbol.dispose]: () => session.destroy() });
}

describe('a request over HTTP/2 that waits for a policy', () => {
  it('leaves its body with the client beyond the buffer, and then all of it arrives', async () => {
    const hold = gate(86_400_000);
    const size = 4 * 1024 ** 2;
    await using upstream = await rawUpstream(async (connection) => {
      await waitUntil('all has come', () => connection.received.length > size);
      connection.send(hello);
    });
    await using engine = await secureEngine(withPolicies(createSocketEngine, [hold]), [upstream]);
    using session = open(engine.port);
    const stream = session.request(post);
    stream.end(Buffer.alloc(size, 'x'));
    await waitUntil('it waits', () => hold.waiting.length === 1);
    await waitUntil('it is held back', () => stream.state.localWindowSize !== undefined && stream.writableLength > 0);
    assert.equal(upstream.connections.length, 0);
    hold.waiting[0]?.decide(goOn);
    let body = '';
    for await (const chunk of stream) body += String(chunk);
    assert.equal(body, 'hello');
    assert.equal((await engine.finished(1))[0]?.requestBytes, size);
  });

  it('is cancelled when its client resets the stream; the others of the session continue', async () => {
    const hold = gate();
    await using upstream = await rawUpstream(answerEach(hello));
    await using engine = await secureEngine(withPolicies(createSocketEngine, [hold]), [upstream]);
    using session = open(engine.port);
    const [gone, other] = [session.request(post, { endStream: false }), session.request({ ':path': '/ship/' })];
    gone.on('error', () => undefined);
    await waitUntil('both wait', () => hold.waiting.length === 2);
    gone.close(constants.NGHTTP2_CANCEL);
    await waitUntil('one is called off', () => hold.waiting.some(({ signal }) => signal.aborted));
    for (const { decide } of hold.waiting) decide(goOn);
    let body = '';
    for await (const chunk of other) body += String(chunk);
    assert.equal(body, 'hello');
    const endings = (await engine.finished(2)).map(({ ending }) => ending);
    assert.deepEqual(endings.sort(), ['client-gone', 'complete']);
    assert.equal(upstream.connections.length, 1);
  });

  it('is answered with 504 when there is no decision in time', async () => {
    const hold = gate(3_000);
    await using upstream = await rawUpstream();
    await using engine = await secureEngine(withPolicies(createSocketEngine, [hold]), [upstream]);
    using session = open(engine.port);
    const stream = session.request({ ':path': '/ship/' });
    const statuses: unknown[] = [];
    stream.on('response', (fields) => statuses.push(fields[':status']));
    stream.resume();
    await waitUntil('it waits', () => hold.waiting.length === 1);
    await engine.clock.advanceAsync(3_200);
    await waitUntil('it is answered', () => statuses.length === 1);
    assert.deepEqual(statuses, [504]);
    assert.equal(hold.waiting[0]?.signal.aborted, true);
  });
});
