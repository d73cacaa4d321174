import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { recordingTracer } from '@flotilla/conformance';
import { FakeClock, waitUntil } from '@flotilla/testing';
import { z } from 'zod';
import { type Database, openDatabase } from '../database/index.ts';
import { silentLogger } from '../logger/index.ts';
import { createMetrics, currentTrace, idleTracer, readBaggage, type TraceContext } from '../telemetry/index.ts';
import { createEventConsumer } from './event-consumer.ts';
import { createEventFeed, type EventFeed } from './event-feed.ts';
import { defineEvents } from './event-kinds.ts';
import { consumerTable, eventBaggage, eventTables } from './event-tables.ts';
import { feedSource } from './feed-source.ts';

const kinds = defineEvents('ship-service', { 'ship.sailed': z.object({ n: z.number() }) });
type Feed = EventFeed<typeof kinds.schemas>;

async function open(t: TestContext, { baggage }: { readonly baggage: boolean }) {
  const clock = new FakeClock();
  const database = await openDatabase<unknown>({
    url: 'sqlite::memory:',
    migrations: [
      { id: '0001', sql: eventTables },
      { id: '0002', sql: consumerTable },
      ...(baggage ? [{ id: '0003', sql: eventBaggage }] : []),
    ],
  });
  const tracer = recordingTracer();
  const feed = createEventFeed({ database, kinds, clock, logger: silentLogger(), tracer, baggage });
  t.after(async () => {
    feed.close();
    await database.close();
  });
  return { clock, database, tracer, feed };
}

async function sail(database: Database<unknown>, feed: Feed, trace: TraceContext, ...ships: readonly number[]) {
  await database.transaction(async (transaction) => {
    feed.attribute(transaction, trace);
    for (const n of ships) await feed.add(transaction, { type: 'ship.sailed', subject: `ships/${n}`, data: { n } });
  });
}

for (const baggage of [true, false])
  test(`an event is applied in the trace of the request that caused it${baggage ? ', with its baggage' : ''}`, async (t) => {
    const { clock, database, tracer, feed } = await open(t, { baggage });
    const trace = { ...idleTracer().begin(undefined), baggage: 'tenant=blue' };
    await sail(database, feed, trace, 1, 2);
    const seen: (TraceContext | undefined)[] = [];
    const consumer = createEventConsumer({
      ...{ name: 'voyages', kinds, source: feedSource(feed), database, clock, tracer },
      ...{ logger: silentLogger(), metrics: createMetrics() },
      apply: async () => void seen.push(currentTrace()),
    });
    await waitUntil('both are applied', () => tracer.spans.length === 4);
    await consumer.close();
    const [first, second, ...processed] = tracer.spans;
    assert.ok(first && second);
    assert.deepEqual(
      tracer.spans.map(({ kind, name }) => `${kind} ${name}`),
      [
        'producer publish ship.sailed',
        'producer publish ship.sailed',
        'consumer process ship.sailed',
        'consumer process ship.sailed',
      ],
    );
    assert.deepEqual([first.parentSpanId, second.parentSpanId], [trace.spanId, trace.spanId]);
    assert.deepEqual(
      processed.map(({ parentSpanId }) => parentSpanId),
      [first.context.spanId, second.context.spanId],
    );
    for (const { context } of tracer.spans) assert.equal(context.traceId, trace.traceId);
    assert.deepEqual(
      seen.map((context) => context?.spanId),
      processed.map(({ context }) => context.spanId),
    );
    assert.equal(readBaggage(seen[0]?.baggage).get('tenant'), baggage ? 'blue' : undefined);
    assert.equal(processed[0]?.attributes['messaging.destination.name'], 'ship-service');
    assert.equal(processed[0]?.attributes['messaging.consumer.group.name'], 'voyages');
  });

test('an event whose transaction is undone has no span: nothing was published', async (t) => {
  const { database, tracer, feed } = await open(t, { baggage: true });
  const trace = idleTracer().begin(undefined);
  const undone = database.transaction(async (transaction) => {
    feed.attribute(transaction, trace);
    await feed.add(transaction, { type: 'ship.sailed', subject: 'ships/1', data: { n: 1 } });
    throw new Error('given up');
  });
  await assert.rejects(undone, /given up/);
  assert.deepEqual(tracer.spans, []);
  await sail(database, feed, trace, 2);
  assert.deepEqual(
    tracer.spans.map(({ attributes }) => attributes['cloudevents.event_subject']),
    ['ships/2'],
  );
});

test('an event that cannot be applied is a failed span of its trace; those undone with it are none', async (t) => {
  const { clock, database, tracer, feed } = await open(t, { baggage: true });
  const trace = { ...idleTracer().begin(undefined), sampled: false };
  await sail(database, feed, trace, 1, 2);
  const consumer = createEventConsumer({
    ...{ name: 'voyages', kinds, source: feedSource(feed), database, clock, tracer },
    ...{ logger: silentLogger(), metrics: createMetrics() },
    apply: async (_transaction, { data }) => {
      if (data.n === 2) throw new RangeError('no harbour');
    },
  });
  await waitUntil('it failed twice', () => tracer.spans.length === 2);
  await consumer.close();
  for (const { failed, name, attributes, context, message } of tracer.spans) {
    assert.deepEqual([failed, name, context.traceId], [true, 'process ship.sailed', trace.traceId]);
    assert.equal(attributes['cloudevents.event_subject'], 'ships/2');
    assert.match(message ?? '', /no harbour/);
  }
});
