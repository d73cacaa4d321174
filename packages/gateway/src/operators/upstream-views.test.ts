import assert from 'node:assert/strict';
import { test } from 'node:test';
import { mergeUpstreams, type SeenUpstreams } from './upstream-views.ts';

type Seen = SeenUpstreams[number]['instances'][number];

const well: Seen = {
  ...{ id: 'u-1', address: '10.0.0.1:80', state: 'available', inFlight: 2, weight: 1 },
  ...{ reason: undefined, sinceMs: undefined },
};
const aside: Seen = { ...well, state: 'set-aside', inFlight: 0, reason: 'unreachable', sinceMs: 12_300 };

function merged(...workers: readonly (readonly Seen[])[]) {
  return (
    mergeUpstreams(
      workers.map((instances) => [{ service: 'ship', instances }]),
      'en',
    )[0]?.instances ?? []
  );
}

test('what the workers of a gateway see is added up', () => {
  assert.deepEqual(merged([well], [{ ...well, inFlight: 3 }]), [
    { id: 'u-1', address: '10.0.0.1:80', state: 'available', inFlight: 5, weight: 1 },
  ]);
});

test('an instance that some workers have set aside is set aside, and it says in how many', () => {
  const whys = [merged([aside], [well]), merged([aside], [{ ...aside, sinceMs: 20_000 }])].map(([one]) => one?.why);
  assert.deepEqual(whys, [
    'no connection to it could be opened; set aside for 12 s, in 1 of 2 workers',
    'no connection to it could be opened; set aside for 20 s',
  ]);
});

test('the reason is told in Chinese to those who read that', () => {
  const workers = [[aside], [well]].map((instances): SeenUpstreams => [{ service: 'ship', instances }]);
  assert.equal(
    mergeUpstreams(workers, 'zh-CN')[0]?.instances[0]?.why,
    '无法与它建立连接；已暂时摘除 12 秒（2 个工作进程中的 1 个）',
  );
});

test('an instance is draining when no worker knows it from discovery any more', () => {
  const leaving: Seen = { ...well, state: 'draining' };
  assert.equal(merged([leaving], [leaving])[0]?.state, 'draining');
  assert.equal(merged([leaving], [well])[0]?.state, 'available');
});

test('services are listed once, however many workers know them', () => {
  const services = mergeUpstreams([[{ service: 'a', instances: [] }], [{ service: 'a', instances: [well] }]], 'en');
  assert.deepEqual(
    services.map(({ service, instances }) => [service, instances.length]),
    [['a', 1]],
  );
});
