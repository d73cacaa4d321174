import assert from 'node:assert/strict';
import { test } from 'node:test';
import { recordingTracer } from '@flotilla/conformance';
import { FakeClock } from '@flotilla/testing';
import { z } from 'zod';
import { currentTrace, idleTracer, withinTrace } from '../telemetry/index.ts';
import { tracedCache } from './traced-cache.ts';

test('a read of a traced request says whether the cache had it, and what was done for it is below', async () => {
  const tracer = recordingTracer();
  const kept = new Map<number | string, unknown>();
  const cache = tracedCache(
    {
      kind: <T>() => ({
        // What is kept was put there by the same kind.
        read: async (id: number | string, load: () => Promise<T | undefined>) =>
          kept.has(id) ? (kept.get(id) as T) : load(),
        beginWrite: async () => async () => undefined,
      }),
      close: async () => undefined,
    },
    { tracer, clock: new FakeClock() },
  );
  const users = cache.kind('users', z.string());
  let loadedIn: string | undefined;
  const load = async (): Promise<string> => {
    loadedIn = currentTrace()?.spanId;
    kept.set(1, 'Ada');
    return 'Ada';
  };
  const trace = idleTracer().begin(undefined);
  await withinTrace(trace, async () => {
    assert.equal(await users.read(1, load), 'Ada');
    assert.equal(await users.read(1, load), 'Ada');
    await assert.rejects(
      users.read(2, () => Promise.reject(new Error('away'))),
      /away/,
    );
  });
  assert.equal(await users.read(1, load), 'Ada', 'nobody asks for a span');
  assert.deepEqual(
    tracer.spans.map(({ name, attributes, failed }) => [name, attributes['flotilla.cache'], failed]),
    [
      ['cache users', 'miss', false],
      ['cache users', 'hit', false],
      ['cache users', 'miss', false],
    ],
  );
  assert.equal(tracer.spans[0]?.parentSpanId, trace.spanId);
  assert.equal(loadedIn, tracer.spans[0]?.context.spanId);
});
