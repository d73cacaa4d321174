// Instances that are there but not well cost callers little, and get their traffic back by themselves.
import assert from 'node:assert/strict';
import { rename } from 'node:fs/promises';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { type LocalCluster, localCluster } from '@flotilla/conformance';
import { eventually } from './support/eventually.ts';

let cluster: LocalCluster;
before(async () => {
  cluster = await localCluster({ instances: { 'user-service': 2, 'order-service': 0 }, env: { LOG_LEVEL: 'info' } });
});
after(() => cluster[Symbol.asyncDispose]());

/** Far above what a frozen instance costs (under a second), far below the 15 s that it would cost unnoticed. */
const muchMs = 5_000;

async function asked(): Promise<{ readonly status: number; readonly tookMs: number }> {
  const startMs = performance.now();
  const answer = await fetch(`${cluster.url('gateway')}/users/1`);
  await answer.arrayBuffer();
  return { status: answer.status, tookMs: performance.now() - startMs };
}

async function statuses(): Promise<readonly string[]> {
  const answer = await fetch(`${cluster.url('service-registry')}/services/user-service/instances`);
  // What the registry answers, as its contract says.
  const instances = (await answer.json()) as readonly { readonly status: string }[];
  return instances.map(({ status }) => status).toSorted();
}

test('a frozen instance of two delays each caller once, and comes back', async () => {
  const [frozen] = cluster.all('user-service');
  const pid = frozen?.pid ?? assert.fail('it does not run');
  process.kill(pid, 'SIGSTOP');
  try {
    const atOnce = await Promise.all(Array.from({ length: 20 }, asked));
    const afterwards = await Promise.all(Array.from({ length: 20 }, asked));
    for (const { status, tookMs } of [...atOnce, ...afterwards]) {
      assert.equal(status, 200);
      assert.ok(tookMs < muchMs, `${tookMs} ms`);
    }
    assert.match(cluster.one('gateway').stdout, /"reason":"probe-failed".*instance set aside/);
  } finally {
    process.kill(pid, 'SIGCONT');
  }
  await eventually('it is back', () => cluster.one('gateway').stdout.includes('instance back in use'));
});

test('an instance whose health check fails is critical in the registry and gets no requests until it passes', async () => {
  const file = path.join(cluster.folder, 'user-service-0.db');
  // Its requests still work, on the file that it has open; a restart would not find its data.
  await rename(file, `${file}.away`);
  await eventually('the registry knows', async () => (await statuses()).join() === 'critical,passing');
  await eventually('the gateway knows', async () => {
    const page = await (await fetch(`${cluster.url('gateway')}/metrics`)).text();
    // One of two: what all workers of the gateway see alike is not added up.
    return page.includes('gateway_upstreams{service="user-service",state="available"} 1');
  });
  for (let count = 0; count < 20; count += 1) assert.equal((await asked()).status, 200);
  await rename(`${file}.away`, file);
  await eventually('it is served again', async () => (await statuses()).join() === 'passing,passing');
});
