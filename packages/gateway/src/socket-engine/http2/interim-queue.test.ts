import assert from 'node:assert/strict';
import { connect, type ServerHttp2Stream } from 'node:http2';
import { test } from 'node:test';
import { answerEach, rawUpstream, secureEngine } from '@flotilla/conformance';
import { FakeClock } from '@flotilla/testing';
import { createSocketEngine } from '../socket-engine.ts';
import { TimerWheel } from '../time/timer-wheel.ts';
import { InterimQueue } from './interim-queue.ts';

test('a full queue is watched until it has room, and reports that once', () => {
  const clock = new FakeClock();
  const state = { outboundQueueSize: 0 };
  let told = 0;
  // Nothing else of a stream is looked at.
  const stream = { session: { state } } as unknown as ServerHttp2Stream;
  const queue = new InterimQueue(stream, new TimerWheel(clock), () => told++);
  state.outboundQueueSize = 63;
  assert.equal(queue.isFull(), false);
  clock.advance(1_000);
  assert.equal(told, 0);
  state.outboundQueueSize = 64;
  assert.equal(queue.isFull(), true);
  clock.advance(1_000);
  assert.equal(told, 0);
  state.outboundQueueSize = 10;
  clock.advance(200);
  assert.equal(told, 1);
  clock.advance(1_000);
  assert.equal(told, 1);
});

test('a queue stops watching when its exchange is over', () => {
  const clock = new FakeClock();
  const wheel = new TimerWheel(clock);
  const stream = { session: { state: { outboundQueueSize: 100 } } } as unknown as ServerHttp2Stream;
  const queue = new InterimQueue(stream, wheel, () => assert.fail('nobody waits'));
  assert.equal(queue.isFull(), true);
  queue.forget();
  assert.equal(wheel.size, 0);
});

test('endless interim answers are a 502 over HTTP/2 too', async () => {
  const interim = 'HTTP/1.1 103 Early Hints\r\nLink: </a.css>\r\n\r\n';
  await using upstream = await rawUpstream(answerEach(interim.repeat(2_000)));
  await using engine = await secureEngine(createSocketEngine, [upstream]);
  const session = connect(`https://localhost:${engine.port}`, { rejectUnauthorized: false });
  const stream = session.request({ ':path': '/ship/' });
  let hints = 0;
  stream.on('headers', () => hints++);
  const status = await new Promise((resolve) => stream.once('response', (headers) => resolve(headers[':status'])));
  stream.resume();
  session.destroy();
  assert.equal(status, 502);
  assert.ok(hints > 50 && hints < 1_000, `${hints} were passed on`);
});
