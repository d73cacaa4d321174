import assert from 'node:assert/strict';
import { test } from 'node:test';
import { FakeClock } from '@flotilla/testing';
import type { InstanceState, ProgramView, UpstreamView } from '../wire/index.ts';
import { AlertWatch } from './alert-watch.ts';
import type { AlertFacts, CountedTraffic } from './facts.ts';

const calm: Omit<AlertFacts, 'nowMs'> = {
  programs: [],
  troubles: [],
  traffic: [],
  upstreams: [],
  disks: [],
  certificates: [],
};

/** A watch over facts that a test sets. */
function watched() {
  const clock = new FakeClock();
  const state = { facts: calm, fails: false, changes: 0 };
  const watch = new AlertWatch({
    clock,
    onChange: () => (state.changes += 1),
    async gather() {
      if (state.fails) throw new Error('no');
      return { ...state.facts, nowMs: clock.now() };
    },
  });
  watch.start();
  return {
    ...{ clock, watch, state },
    /** Sets facts, lets time pass, and says which alerts last. */
    async after(seconds: number, facts: Partial<AlertFacts> = {}) {
      state.facts = { ...state.facts, ...facts };
      for (let passed = 0; passed < seconds; passed += 5) await clock.advanceAsync(5_000);
      return watch.lasting.map(({ kind, subject, severity }) => `${kind} ${subject} ${severity}`);
    },
  };
}

const traffic = (requests: number, errorShare: number, p95Ms: number): CountedTraffic => ({
  ...{ requests, requestsPerSecond: requests / 120, errorShare, p50Ms: p95Ms / 2, p95Ms },
});

function program(...states: readonly (readonly [InstanceState, number?])[]): ProgramView {
  const instances = states.map(([state, restarts = 0], index) => ({ name: `shop-${index + 1}`, state, restarts }));
  return { name: 'shop', role: 'service', state: 'healthy', canControl: true, instances };
}

test('a service that answers with errors is an alert until it has answered well for a minute', async () => {
  const { watch, after } = watched();
  const of = (share: number, requests = 200): Partial<AlertFacts> => ({
    traffic: [{ service: 'shop', recent: traffic(requests, share, 10), usual: undefined }],
  });
  assert.deepEqual(await after(5, of(0.5, 6)), [], 'three failures are an accident');
  assert.deepEqual(await after(5, of(0.04)), []);
  assert.deepEqual(await after(5, of(0.06)), ['error-rate shop warning']);
  assert.match(watch.lasting[0]?.text.en ?? '', /^6 % of the requests to shop failed .* \(12 of 200\)$/);
  assert.equal(watch.lasting[0]?.link, '/requests?service=shop&status=5xx');
  assert.deepEqual(await after(300, of(0.03)), ['error-rate shop warning'], 'not good enough');
  assert.deepEqual(await after(5, of(0.4)), ['error-rate shop critical']);
  assert.deepEqual(await after(60, of(0.01)), ['error-rate shop critical']);
  assert.deepEqual(await after(10), []);
  assert.notEqual(watch.alerts[0]?.endedMs, undefined);
});

test('a service is slow compared with itself, if that is noticeable and of enough requests', async () => {
  const { watch, after } = watched();
  const of = (p95Ms: number, usualMs: number, requests = 100): Partial<AlertFacts> => ({
    traffic: [{ service: 'shop', recent: traffic(requests, 0, p95Ms), usual: traffic(1_000, 0, usualMs) }],
  });
  assert.deepEqual(await after(60, of(20, 2)), [], 'nobody notices 18 ms');
  assert.deepEqual(await after(60, of(400, 20, 5)), [], 'too few requests');
  assert.deepEqual(await after(60, of(900, 880)), []);
  assert.deepEqual(await after(20, of(400, 20)), [], 'not for long enough');
  assert.deepEqual(await after(5), ['slower-than-usual shop warning']);
  assert.match(
    watch.lasting[0]?.text.en ?? '',
    /up to 400 ms in the last 2 minutes, and up to 20 ms in the hour before/,
  );
  assert.equal(watch.lasting[0]?.link, '/requests?service=shop&min_ms=20');
  assert.deepEqual(await after(5, of(2_000, 20)), ['slower-than-usual shop critical']);
  assert.deepEqual(await after(70, of(20, 20)), []);
});

test('an instance that comes and goes is an alert, and one that was stopped or has a new process is none', async () => {
  const { after } = watched();
  let restarts = 0;
  for (restarts = 0; restarts < 3; restarts += 1)
    assert.deepEqual(await after(5, { programs: [program(['healthy', restarts])] }), []);
  assert.deepEqual(await after(5, { programs: [program(['healthy', 3])] }), ['instance-flapping shop-1 warning']);
  assert.deepEqual(await after(9 * 60), ['instance-flapping shop-1 warning'], 'the times stay in the window');
  assert.deepEqual(await after(65), []);
  for (const count of [0, 1, 0, 1, 0])
    assert.deepEqual(await after(5, { programs: [program(['healthy', count])] }), []);
  for (let times = 0; times < 5; times += 1) {
    await after(5, { programs: [program(['stopped', 0])] });
    assert.deepEqual(await after(5, { programs: [program(['healthy', 0])] }), []);
  }
});

test('an instance that does not work says why, and is critical if none is left', async () => {
  const { watch, after } = watched();
  const why = { en: 'database: it cannot be reached', zh: 'database：无法连接' };
  const sick = { ...program(['healthy'], ['unhealthy']) };
  const [one, other] = sick.instances;
  assert.ok(one && other);
  assert.deepEqual(await after(15, { programs: [{ ...sick, instances: [one, { ...other, why }] }] }), []);
  assert.deepEqual(await after(5), ['instance-unhealthy shop-2 warning']);
  assert.match(watch.lasting[0]?.text.en ?? '', /shop-2 of shop is unhealthy: database: it cannot be reached/);
  assert.equal(watch.lasting[0]?.text.zh, 'shop 的 shop-2 不健康：database：无法连接');
  assert.deepEqual(await after(60, { programs: [program(['healthy'], ['restarting'])] }), [
    'instance-unhealthy shop-2 warning',
  ]);
  assert.deepEqual(await after(5, { programs: [program(['ended'], ['restarting'])] }), [
    'instance-unhealthy shop-2 warning',
  ]);
  const both = await after(20, { programs: [program(['ended'], ['ended'])] });
  assert.deepEqual(both.toSorted(), ['instance-unhealthy shop-1 critical', 'instance-unhealthy shop-2 critical']);
  assert.deepEqual(await after(20, { programs: [program(['stopped'], ['healthy'])] }), []);
});

test('a registry that cannot be read is an alert, and other troubles are none', async () => {
  const { watch, after } = watched();
  const trouble = { message: 'The registry does not answer.', sinceMs: 0 };
  assert.deepEqual(await after(30, { troubles: [{ source: 'gateway', ...trouble }] }), []);
  assert.deepEqual(await after(20, { troubles: [{ source: 'registry', ...trouble }] }), [
    'registry-stale registry critical',
  ]);
  assert.match(watch.lasting[0]?.text.zh ?? '', /^无法读取注册中心/);
  assert.deepEqual(await after(20, { troubles: [] }), []);
});

test('an instance that the gateway has set aside is an alert, critical if no other is available', async () => {
  const { watch, after } = watched();
  const upstream = (...states: readonly ('available' | 'set-aside' | 'draining')[]): readonly UpstreamView[] => [
    {
      service: 'shop',
      instances: states.map((state, index) => ({
        ...{ id: `shop-${index + 1}`, address: '', state, inFlight: 0, weight: 1 },
        ...(state === 'set-aside' ? { why: '5 failures in a row' } : {}),
      })),
    },
  ];
  assert.deepEqual(await after(5, { upstreams: upstream('available', 'set-aside') }), ['breaker-open shop-2 warning']);
  assert.match(watch.lasting[0]?.text.en ?? '', /no requests to shop-2 of shop \(5 failures in a row\)/);
  assert.deepEqual(await after(55, { upstreams: upstream('available', 'available') }), ['breaker-open shop-2 warning']);
  assert.deepEqual(await after(5, { upstreams: upstream('draining', 'set-aside') }), ['breaker-open shop-2 critical']);
  assert.deepEqual(await after(300, { upstreams: undefined }), ['breaker-open shop-2 critical'], 'nobody knows');
  assert.deepEqual(await after(65, { upstreams: upstream('available') }), []);
});

test('a disk is nearly full by its share and by what is left, and a certificate ends soon or has ended', async () => {
  const { watch, after } = watched();
  const gibi = 1_073_741_824;
  const disk = (freeGib: number, totalGib: number): Partial<AlertFacts> => ({
    disks: [{ path: '/data', freeBytes: freeGib * gibi, totalBytes: totalGib * gibi }],
  });
  assert.deepEqual(await after(5, disk(90, 1_000)), [], 'a tenth of a large disk is plenty');
  assert.deepEqual(await after(5, disk(4, 20)), []);
  assert.deepEqual(await after(5, disk(4, 100)), ['disk-nearly-full /data warning']);
  assert.deepEqual(await after(5, disk(0.5, 100)), ['disk-nearly-full /data critical']);
  assert.match(watch.lasting[0]?.text.en ?? '', /only 512 MiB left \(0.5 %\)/);
  await after(70, disk(50, 100));
  const dayMs = 86_400_000;
  const ends = (inDays: number): Partial<AlertFacts> => ({
    certificates: [{ subject: 'shop.example:8443', endsMs: new FakeClock().now() + inDays * dayMs }],
  });
  assert.deepEqual(await after(5, ends(30)), []);
  assert.deepEqual(await after(5, ends(20)), ['certificate-ends-soon shop.example:8443 warning']);
  assert.deepEqual(await after(5, ends(-1)), ['certificate-ends-soon shop.example:8443 critical']);
  assert.match(watch.lasting[0]?.text.en ?? '', /ended on 2025-12-31/);
});

test('what cannot be gathered changes nothing, and the watch goes on until it is closed', async () => {
  const { clock, watch, state, after } = watched();
  const facts: Partial<AlertFacts> = { troubles: [{ source: 'registry', message: 'Away.', sinceMs: 0 }] };
  await after(20, facts);
  state.fails = true;
  assert.deepEqual(await after(300), ['registry-stale registry critical']);
  state.fails = false;
  assert.deepEqual(await after(25, { troubles: [] }), []);
  assert.equal(state.changes, 2);
  watch.close();
  assert.deepEqual(clock.pendingDelaysMs, []);
});
