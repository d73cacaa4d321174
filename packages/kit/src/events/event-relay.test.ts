import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { FakeClock, type RecordingLogger, recordingLogger } from '@flotilla/testing';
import type { EventFeed, FeedPage } from './event-feed.ts';
import { type EventSink, RelayTaken, relayEvents } from './event-relay.ts';

const events = [
  { position: 1, event_id: 'e-1', type: 't', subject: 's', happened_at: 0, traceparent: null, data: '1' },
] as const;

/** A feed with one event, and a reader that waits after it until the end. */
const feed: EventFeed<Record<never, never>> = {
  source: '/ships',
  add: async () => undefined,
  attribute: () => undefined,
  sweep: async () => 0,
  close: () => undefined,
  read({ after, signal }): Promise<FeedPage> {
    const ends = { feed: 'f', oldest: 1, newest: 1 };
    if (after === undefined) return Promise.resolve({ kind: 'events', ...ends, events: [] });
    if (after === 0) return Promise.resolve({ kind: 'events', ...ends, events });
    if (after > 1) return Promise.resolve({ kind: 'gone', ...ends });
    return new Promise((resolve) => {
      signal?.addEventListener('abort', () => resolve({ kind: 'events', ...ends, events: [] }));
    });
  },
};

interface Relayed {
  readonly logger: RecordingLogger;
  /** Lets so many seconds pass, with a retry in each. */
  pass(seconds: number): Promise<void>;
}

function relayTo(t: TestContext, sink: EventSink): Relayed {
  const [clock, logger] = [new FakeClock(), recordingLogger()];
  const relay = relayEvents({ feed, sink, clock, logger });
  t.after(() => relay.close());
  return {
    logger,
    async pass(seconds) {
      for (let i = 0; i < seconds; i += 1) {
        await new Promise((resolve) => setImmediate(resolve));
        clock.advance(1_000);
        await new Promise((resolve) => setImmediate(resolve));
      }
    },
  };
}

test('a broker that refuses events is in the log once, as soon as it is no restart, and so is its return', async (t) => {
  let refusal: Error | undefined = new Error('NOPERM');
  let published = 0;
  const { logger, pass } = relayTo(t, {
    position: async () => undefined,
    async publish() {
      if (refusal !== undefined) throw refusal;
      published += 1;
    },
  });
  await pass(4);
  assert.deepEqual(logger.messages('warn'), []);
  await pass(20);
  assert.deepEqual(
    logger.lines.filter(({ level }) => level === 'warn').map(({ fields }) => fields['err']),
    [refusal],
  );
  refusal = undefined;
  await pass(2);
  assert.equal(published, 1);
  assert.deepEqual(logger.messages('info'), ['relaying events', 'relaying events again']);
});

test('an instance beside the one that relays has nothing to say', async (t) => {
  const { logger, pass } = relayTo(t, {
    position: () => Promise.reject(new RelayTaken()),
    publish: () => Promise.resolve(),
  });
  await pass(30);
  assert.deepEqual(logger.messages('warn'), []);
});

test('a broker that is further than the feed, as after a backup was restored, is in the log with what to do', async (t) => {
  const { logger, pass } = relayTo(t, { position: async () => 7, publish: () => Promise.resolve() });
  await pass(10);
  const [line] = logger.lines.filter(({ level }) => level === 'warn');
  assert.match(String(line?.fields['err']), /has event 7 of this feed, which ends at 1: .* Delete the stream/);
});
