import assert from 'node:assert/strict';
import { test } from 'node:test';
import { FakeClock } from '@flotilla/testing';
import { serveApp } from '@flotilla/testing/http';
import { createLogger } from '../logger/index.ts';
import type { EventFeed, FeedPage, FeedRequest } from './event-feed.ts';
import { addEventFeed } from './feed-route.ts';

/** A feed that answers as it is told, and remembers what it was asked. */
function feedOf(answer: (request: FeedRequest) => Promise<FeedPage>): EventFeed<Record<never, never>> {
  return {
    source: '/ship-service',
    add: async () => undefined,
    attribute: () => undefined,
    read: answer,
    sweep: async () => 0,
    close: () => undefined,
  };
}

const ends = { feed: 'f-1', oldest: 1, newest: 1 };

test('a page of the feed is JSON, with the data as it was written', async () => {
  const event = {
    ...{ position: 1, event_id: 'e-1', type: 'ship.sailed', subject: 'ships/1', happened_at: 0, traceparent: null },
    data: '{"n":1.50}',
  };
  const asked: FeedRequest[] = [];
  const feed = feedOf(async (request) => {
    asked.push(request);
    return { kind: 'events', ...ends, events: [event] };
  });
  await using app = await serveApp((routes) => addEventFeed(routes, feed), { clock: new FakeClock() });
  const answer = await app.ask('GET', '/events?after=0&limit=100&wait=30s');
  assert.equal(answer.status, 200);
  assert.equal(answer.headers.get('cache-control'), 'no-store');
  assert.equal(answer.headers.get('content-type'), 'application/json; charset=utf-8');
  assert.equal(
    answer.text,
    '{"feed":"f-1","oldest":1,"newest":1,"events":[{"specversion":"1.0","id":"e-1","source":"/ship-service","type":"ship.sailed","subject":"ships/1","time":"1970-01-01T00:00:00.000Z","datacontenttype":"application/json","position":1,"data":{"n":1.50}}]}',
  );
  assert.deepEqual({ ...asked[0], signal: undefined }, { after: 0, limit: 100, waitMs: 30_000, signal: undefined });
  await app.ask('GET', '/events');
  assert.deepEqual(
    { ...asked[1], signal: undefined },
    { after: undefined, limit: undefined, waitMs: undefined, signal: undefined },
  );
});

test('events that are not kept any more are 410, and a bad question is 400 with the parameter', async () => {
  const feed = feedOf(async () => ({ kind: 'gone', ...ends }));
  await using app = await serveApp((routes) => addEventFeed(routes, feed), { clock: new FakeClock() });
  const gone = await app.ask('GET', '/events?after=7');
  assert.deepEqual([gone.status, gone.body?.['code']], [410, 'EVENTS_GONE']);
  for (const [query, field] of [
    ['after=-1', '?after'],
    ['after=1.5', '?after'],
    ['after=9007199254740993', '?after'],
    ['after=', '?after'],
    ['after=1&after=2', '?after'],
    ['limit=0', '?limit'],
    ['limit=1001', '?limit'],
    ['wait=61s', '?wait'],
    ['wait=2m', '?wait'],
    ['wait=soon', '?wait'],
    ['since=1', '?since'],
  ] as const) {
    const bad = await app.ask('GET', `/events?${query}`);
    assert.deepEqual([bad.status, bad.fields], [400, [field]], query);
  }
  assert.equal((await app.ask('POST', '/events', {})).status, 405);
});

test('a reader who leaves ends the wait', async () => {
  const left = Promise.withResolvers<void>();
  const asked = Promise.withResolvers<void>();
  const feed = feedOf(({ signal }) => {
    asked.resolve();
    return new Promise((resolve) => {
      signal?.addEventListener('abort', () => {
        left.resolve();
        resolve({ kind: 'events', ...ends, events: [] });
      });
    });
  });
  await using app = await serveApp((routes) => addEventFeed(routes, feed), { clock: new FakeClock() });
  const caller = new AbortController();
  const answer = fetch(`${app.url}/events?after=1&wait=60s`, { signal: caller.signal });
  await asked.promise;
  caller.abort();
  await assert.rejects(answer);
  await left.promise;
});

test('consumers, who ask all the time, fill no log: only what is refused is in it', async () => {
  const statuses: unknown[] = [];
  const write = (text: string): void => {
    const { msg, status } = JSON.parse(text) as { readonly msg: string; readonly status?: number };
    if (msg === 'request') statuses.push(status);
  };
  const sinks = { stdout: { write }, stderr: { write } };
  const logger = createLogger({ service: 's', instance: 'i', level: 'info', format: 'json', ...sinks });
  const feed = feedOf(async () => ({ kind: 'events', ...ends, events: [] }));
  await using app = await serveApp((routes) => addEventFeed(routes, feed), { logger });
  await app.ask('GET', '/events?after=1');
  await app.ask('GET', '/events?after=x');
  // Lines are written in the order of answers, so that of the first would be here as well.
  while (statuses.length === 0) await new Promise((resolve) => setImmediate(resolve));
  assert.deepEqual(statuses, [400]);
});
