// Settings that are kept in the registry, and programs that follow them.
import assert from 'node:assert/strict';
import { availableParallelism } from 'node:os';
import { test } from 'node:test';
import { localCluster } from '@flotilla/conformance';
import type { Program } from '@flotilla/testing';
import { eventually } from './support/eventually.ts';

interface Line {
  readonly msg?: string;
  readonly setting?: string;
  readonly value?: string;
  readonly worker?: number | string;
}

function linesOf(program: Program): readonly Line[] {
  return `${program.stdout}\n${program.stderr}`
    .split('\n')
    .flatMap((line) => (line.startsWith('{') ? [JSON.parse(line) as Line] : []));
}

/** What the processes of a program say they have changed a setting to, in order. */
function changesOf(program: Program, setting = 'LOG_LEVEL'): readonly string[] {
  return linesOf(program).flatMap((line) =>
    line.msg === 'a setting changed' && line.setting === setting ? [line.value ?? ''] : [],
  );
}

test('a change reaches every process of every instance, a wrong one is refused, and no start waits for the registry', async () => {
  await using cluster = await localCluster({
    instances: { 'user-service': 2 },
    env: { LOG_LEVEL: '' },
    envOf: { gateway: { MAX_WORKERS: '2' } },
  });
  const registry = cluster.one('service-registry');
  const [first, second] = cluster.all('user-service');
  assert.ok(first !== undefined && second !== undefined);
  const gateway = cluster.one('gateway');
  const put = (key: string, body: string): Promise<Response> =>
    fetch(`${cluster.url('service-registry')}/kv/${key}`, { method: 'PUT', body });

  assert.equal((await put('config/user-service/LOG_LEVEL', 'debug')).status, 200);
  await eventually('all instances follow', () => [first, second].every((one) => changesOf(one).join() === 'debug'));
  assert.deepEqual([...changesOf(gateway), ...changesOf(cluster.one('order-service'))], []);

  assert.equal((await put('config/shared/LOG_LEVEL', 'warn')).status, 200);
  const workers = Math.min(2, availableParallelism());
  await eventually('all workers follow', () => changesOf(gateway).length === workers);
  await eventually('other services follow', () => changesOf(cluster.one('order-service')).join() === 'warn');
  assert.equal(changesOf(first).join(), 'debug', 'what is for one service is stronger');

  for (const [key, body] of [
    ['config/user-service/LOG_LEVEL', 'loud'],
    ['config/user-service/LOG_LEVL', 'debug'],
    ['config/user-service/DATABASE_URL', 'sqlite:elsewhere.db'],
  ] as const) {
    const refused = await put(key, body);
    assert.equal(refused.status, 400, key);
    assert.equal(((await refused.json()) as { code: string }).code, 'INVALID_SETTING');
  }
  assert.equal((await put('config/user-service/DRAIN_TIMEOUT_MS', '5s')).status, 200);
  const waits = 'a setting changed; it takes effect at the next start';
  await eventually('it is said', () => linesOf(first).some(({ msg, value }) => msg === waits && value === '5000'));

  // Without the registry a program starts with what it has, and follows as soon as it can.
  await Promise.all([registry.kill('SIGKILL'), first.kill('SIGKILL')]);
  await first.start();
  assert.equal((await fetch(`${first.url}/ready`)).status, 200);
  await registry.start();
  await eventually('it follows again', () => changesOf(first).join() === 'debug,debug');
  assert.equal(changesOf(second).join(), 'debug', 'for others nothing has changed');
});
