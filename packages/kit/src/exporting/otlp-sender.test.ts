import assert from 'node:assert/strict';
import { test } from 'node:test';
import { create, toBinary } from '@bufbuild/protobuf';
import { FakeClock, recordingLogger } from '@flotilla/testing';
import { silentLogger } from '../logger/index.ts';
import { ExportTraceServiceResponseSchema } from '../otlp/index.ts';
import { createMetrics } from '../telemetry/index.ts';
import { OtlpSender } from './otlp-sender.ts';
import type { PostResult } from './post.ts';

const sent: PostResult = { kind: 'sent', answer: Buffer.alloc(0) };
const away: PostResult = { kind: 'failed', retry: true, reason: 'connect ECONNREFUSED' };
const refused: PostResult = { kind: 'failed', retry: false, reason: 'HTTP status 400' };

/** A sender whose receiver answers as `answers` says, and always like the last of them. */
function setUp(answers: readonly (PostResult | 'hangs')[]) {
  const clock = new FakeClock();
  const metrics = createMetrics();
  const { lines, ...methods } = recordingLogger();
  const attemptsAtMs: number[] = [];
  const sender = new OtlpSender({
    signal: 'traces',
    url: 'http://collector',
    timeoutMs: 10_000,
    clock,
    metrics,
    random: () => 1,
    logger: { ...silentLogger(), ...methods },
    post: {
      encoding: 'protobuf',
      close: () => undefined,
      send: async (_message, signal) => {
        const answer = answers[Math.min(attemptsAtMs.length, answers.length - 1)] ?? sent;
        attemptsAtMs.push(clock.monotonicMs());
        if (answer !== 'hangs') return answer;
        await new Promise((resolve) => signal.addEventListener('abort', resolve));
        return { kind: 'failed', retry: true, reason: 'aborted' };
      },
    },
  });
  const send = (signal = new AbortController().signal): Promise<void> => sender.send(Buffer.from('x'), 5, signal);
  const counted = (name: string): unknown =>
    metrics.snapshot().find((family) => family.name === `otel_exporter_${name}_total`)?.series[0]?.data;
  return { clock, sender, send, counted, lines, attemptsAtMs };
}

test('what may go away is tried again, with longer and longer waits, until its time is over', async () => {
  const { clock, send, counted, lines, attemptsAtMs } = setUp([away]);
  const done = send();
  await clock.advanceAsync(60_000);
  await done;
  assert.deepEqual(attemptsAtMs, [0, 1_000, 3_000, 7_000]);
  assert.deepEqual([counted('sent'), counted('dropped')], [0, 5]);
  assert.deepEqual(clock.pendingDelaysMs, []);
  assert.deepEqual(
    lines.map(({ level, message, fields }) => [level, message, fields['reason']]),
    [['warn', 'cannot send traces; they are dropped until that works again', 'connect ECONNREFUSED']],
  );
});

test('during an outage each message is tried once, and nothing is logged until it is over', async () => {
  const { clock, send, counted, lines, attemptsAtMs } = setUp([away, away, away, away, away, away, sent]);
  for (let message = 0; message < 4; message += 1) {
    const done = send();
    await clock.advanceAsync(60_000);
    await done;
  }
  assert.equal(attemptsAtMs.length, 7);
  assert.deepEqual([counted('sent'), counted('dropped')], [5, 15]);
  assert.deepEqual(
    lines.map(({ level, message, fields }) => [level, message, fields['dropped']]),
    [
      ['warn', 'cannot send traces; they are dropped until that works again', undefined],
      ['info', 'traces are sent again', 15],
    ],
  );
});

test('what the receiver does not want is not sent twice', async () => {
  const { send, counted, attemptsAtMs } = setUp([refused]);
  await send();
  assert.equal(attemptsAtMs.length, 1);
  assert.equal(counted('dropped'), 5);
});

test('a receiver that says when to ask again is asked then, if there is time', async () => {
  const { clock, send, attemptsAtMs } = setUp([
    { ...away, afterMs: 4_000 },
    { ...away, afterMs: 3_600_000 },
  ]);
  const done = send();
  await clock.advanceAsync(60_000);
  await done;
  assert.deepEqual(attemptsAtMs, [0, 4_000]);
});

test('a receiver that does not answer costs one time limit', async () => {
  const { clock, send, lines } = setUp(['hangs']);
  const done = send();
  await clock.advanceAsync(10_000);
  await done;
  assert.equal(lines[0]?.fields['reason'], 'no answer within 10000 ms');
  assert.deepEqual(clock.pendingDelaysMs, []);
});

test('a stop ends an attempt, and a wait for the next one', async () => {
  const hanging = setUp(['hangs']);
  const stop = new AbortController();
  const attempt = hanging.send(stop.signal);
  await hanging.clock.advanceAsync(500);
  stop.abort();
  await attempt;
  assert.equal(hanging.counted('dropped'), 5);

  const waiting = setUp([away]);
  const wait = waiting.send();
  await waiting.clock.advanceAsync(500);
  waiting.sender.hasten();
  await wait;
  await waiting.send();
  assert.equal(waiting.attemptsAtMs.length, 2);
  assert.deepEqual(waiting.clock.pendingDelaysMs, []);
});

test('what a receiver did not take of a message is counted, and nonsense in its answer is not', async () => {
  const partial = create(ExportTraceServiceResponseSchema, {
    partialSuccess: { rejectedSpans: 2n, errorMessage: 'too old' },
  });
  const answers = [toBinary(ExportTraceServiceResponseSchema, partial), Buffer.from([0xff, 0xff, 0xff])];
  for (const [index, answer] of answers.entries()) {
    const { send, counted, lines } = setUp([{ kind: 'sent', answer: Buffer.from(answer) }]);
    await send();
    assert.deepEqual([counted('sent'), counted('dropped')], index === 0 ? [3, 2] : [5, 0]);
    assert.equal(lines.length, index === 0 ? 1 : 0);
  }
});
