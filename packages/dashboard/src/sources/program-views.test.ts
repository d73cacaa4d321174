import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ServiceInstance } from '@flotilla/contracts';
import type { FleetReport, ProcessReport } from '@flotilla/fleet/control';
import { type KnownFleet, programViews } from './program-views.ts';

const nowMs = Date.parse('2026-01-01T00:01:00Z');

function process(change: Partial<ProcessReport>): ProcessReport {
  return {
    name: 'a',
    program: 'a',
    role: 'service',
    singleBecause: null,
    state: 'ready',
    why: null,
    whyIn: null,
    pid: 1,
    port: 8001,
    url: 'http://127.0.0.1:8001',
    uptimeMs: 1_000,
    restarts: 0,
    cpuPercent: null,
    memoryBytes: null,
    ...change,
  };
}

function instance(change: Partial<ServiceInstance>): ServiceInstance {
  return {
    name: 'a',
    id: 'a',
    address: '127.0.0.1',
    port: 8001,
    tags: [],
    metadata: {},
    weight: 1,
    status: 'passing',
    ready: true,
    serving: true,
    draining: false,
    lease_ms: 60_000,
    last_seen: '2026-01-01T00:00:00Z',
    registered_at: '2026-01-01T00:00:00Z',
    revision: 1,
    ...change,
  };
}

function views(processes: readonly ProcessReport[], registry: Partial<KnownFleet['registry']> = {}) {
  const report: FleetReport = { protocol: 1, version: '1.0.0', pid: 1, folder: '/shop', uptimeMs: 1, processes };
  return programViews({
    report,
    registry: { instances: [], failedChecks: [], ...registry },
    traffic: new Map(),
    nowMs,
  });
}

const crashed = { en: 'crashed once, restarts in 0.5 s', 'zh-CN': '崩溃一次，0.5 秒后重启' };

test('a program shows the worst state of its processes, and why', () => {
  const [program] = views([
    process({}),
    process({ name: 'a-2', port: 8002, state: 'restarting', why: crashed.en, whyIn: crashed }),
    process({ name: 'a-3', port: 8003, state: 'restarting', why: crashed.en, whyIn: null }),
  ]);
  assert.equal(program?.state, 'restarting');
  assert.deepEqual(
    program.instances.map(({ name, state, why }) => [name, state, why]),
    [
      ['a', 'healthy', undefined],
      ['a-2', 'restarting', { en: crashed.en, zh: crashed['zh-CN'] }],
      ['a-3', 'restarting', { en: crashed.en, zh: crashed.en }],
    ],
  );
});

test('what the registry says of a running process counts, found by its id or its port', () => {
  const failedChecks = [
    { service: 'a', instanceId: 'other', check: 'http', status: 'critical', output: 'connection refused' },
  ];
  const [program] = views([process({}), process({ name: 'a-2', port: 8002 }), process({ name: 'a-3', port: 8003 })], {
    instances: [
      instance({ draining: true }),
      instance({ id: 'other', port: 8002, status: 'critical' }),
      instance({ id: 'a-3', port: 9, suspect_since: '2026-01-01T00:00:30Z' }),
    ],
    failedChecks,
  });
  assert.deepEqual(
    program?.instances.map(({ state, instanceId, why }) => [state, instanceId, why]),
    [
      [
        'draining',
        'a',
        { en: 'it finishes what it has begun, and gets no new requests', zh: '它只完成已开始的请求，不再接收新请求' },
      ],
      ['unhealthy', 'other', { en: 'http: connection refused', zh: 'http: connection refused' }],
      [
        'degraded',
        'a-3',
        {
          en: 'the registry has heard nothing of it since 2026-01-01T00:00:30Z',
          zh: '注册中心自 2026-01-01T00:00:30Z 起未再收到它的消息',
        },
      ],
    ],
  );
});

test('services that only the registry knows can be looked at, not controlled', () => {
  const programs = views([process({})], {
    instances: [instance({}), instance({ name: 'stock', id: 's-1', status: 'warning', metadata: { version: '2' } })],
  });
  assert.deepEqual(
    programs.map(({ name, canControl, state }) => [name, canControl, state]),
    [
      ['a', true, 'healthy'],
      ['stock', false, 'degraded'],
    ],
  );
  assert.deepEqual(programs[1]?.instances[0], {
    name: 's-1',
    instanceId: 's-1',
    state: 'degraded',
    why: { en: 'its status in the registry is warning', zh: '它在注册中心的状态为 warning' },
    url: 'http://127.0.0.1:8001',
    version: '2',
    uptimeMs: 60_000,
  });
});

test('the dashboard cannot be stopped from its own page', () => {
  const [program] = views([process({ role: 'dashboard', name: 'dashboard', program: 'dashboard' })]);
  assert.equal(program?.canControl, false);
});
