import assert from 'node:assert/strict';
import { test } from 'node:test';
import { servedRegistry } from '@flotilla/conformance';
import fc from 'fast-check';

/** What a client keeps of an instance, by its id. */
type Known = Map<string, string>;

interface Listed {
  readonly applications: {
    readonly apps__hashcode: string;
    readonly application: readonly {
      readonly name: string;
      readonly instance: readonly {
        readonly instanceId: string;
        readonly status: string;
        readonly actionType: string;
      }[];
    }[];
  };
}

function parse(text: string): Listed['applications'] {
  return (JSON.parse(text) as Listed).applications; // The test compares what it finds there.
}

/** As clients do it: what was added or changed replaces, what was deleted goes. */
function apply(known: Known, { application }: Listed['applications']): void {
  for (const { name, instance } of application)
    for (const { instanceId, status, actionType } of instance) {
      if (actionType === 'DELETED') known.delete(`${name}/${instanceId}`);
      else known.set(`${name}/${instanceId}`, status);
    }
}

function hashOf(known: Known): string {
  const counts = new Map<string, number>();
  for (const status of known.values()) counts.set(status, (counts.get(status) ?? 0) + 1);
  return [...counts]
    .sort()
    .map(([status, count]) => `${status}_${count}_`)
    .join('');
}

const dataCenterInfo = { name: 'MyOwn' };

test('a client that applies deltas has what the whole list has, whatever happens', async (t) => {
  const { ask, registry, clock } = await servedRegistry(t);
  const step = fc.record({
    what: fc.constantFrom('register', 'native', 'cancel', 'override', 'release', 'drain', 'wait', 'expire'),
    id: fc.constantFrom('a', 'b', 'c', 'd'),
    status: fc.constantFrom('UP', 'DOWN', 'OUT_OF_SERVICE', 'STARTING'),
  });
  let dirty = 0;
  const take = async ({ what, id, status }: { what: string; id: string; status: string }): Promise<void> => {
    const path = `/eureka/apps/WEB/${id}`;
    dirty += 1;
    const instance = { instanceId: id, hostName: id, app: 'web', ipAddr: '10.0.0.1', status, dataCenterInfo };
    if (what === 'register') await ask('POST', '/eureka/apps/WEB', { ...instance, lastDirtyTimestamp: dirty });
    else if (what === 'native')
      await registry.register({ name: 'Web', address: '10.0.0.2', port: id.charCodeAt(0), id });
    else if (what === 'cancel') await ask('DELETE', path);
    else if (what === 'override') await ask('PUT', `${path}/status?value=${status}`);
    else if (what === 'release') await ask('DELETE', `${path}/status`);
    // Its lease may be over by now.
    else if (what === 'drain') await registry.setDraining('web', id, true).catch(() => {});
    else if (what === 'wait') clock.advance(10_000);
    else if (what === 'expire') clock.advance(40_000);
  };
  const known: Known = new Map();
  apply(known, parse((await ask('GET', '/eureka/apps')).text));
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 8 }), async (steps) => {
      for (const each of steps) await take(each);
      const delta = parse((await ask('GET', '/eureka/apps/delta')).text);
      apply(known, delta);
      const all: Known = new Map();
      const whole = parse((await ask('GET', '/eureka/apps')).text);
      apply(all, whole);
      assert.equal(delta.apps__hashcode, whole.apps__hashcode);
      assert.equal(whole.apps__hashcode, hashOf(all));
      // After a silence longer than a delta tells of, a client sees it by the hash and begins anew.
      if (hashOf(known) !== whole.apps__hashcode) {
        known.clear();
        apply(known, whole);
      }
      assert.deepEqual([...known].sort(), [...all].sort());
    }),
    { numRuns: 60 },
  );
});

test('a delta tells of a change for three minutes, and of what went as it was', async (t) => {
  const { ask, clock } = await servedRegistry(t);
  const actions = async (): Promise<readonly string[]> =>
    parse((await ask('GET', '/eureka/apps/delta')).text).application.flatMap(({ instance }) =>
      instance.map(({ instanceId, status, actionType }) => `${actionType} ${instanceId} ${status}`),
    );
  assert.deepEqual(await actions(), []);
  const register = (status: string, lastDirtyTimestamp: number) =>
    ask('POST', '/eureka/apps/WEB', {
      instance: { hostName: 'h', app: 'WEB', ipAddr: '10.0.0.1', status, dataCenterInfo, lastDirtyTimestamp },
    });
  await register('UP', 1);
  assert.deepEqual(await actions(), ['ADDED h UP']);
  await register('DOWN', 2);
  assert.deepEqual(await actions(), ['MODIFIED h DOWN']);
  await ask('DELETE', '/eureka/apps/WEB/h');
  assert.deepEqual(await actions(), ['DELETED h DOWN']);
  clock.advance(179_000);
  assert.deepEqual(await actions(), ['DELETED h DOWN']);
  clock.advance(2_000);
  assert.deepEqual(await actions(), []);
});

test('an instance whose lease has run out goes from lists and deltas', async (t) => {
  const { ask, clock, registry } = await servedRegistry(t);
  const leaseInfo = { durationInSecs: 5 };
  await ask('POST', '/eureka/apps/WEB', {
    instance: { hostName: 'h', app: 'WEB', ipAddr: '10.0.0.1', dataCenterInfo, leaseInfo },
  });
  await ask('GET', '/eureka/apps');
  clock.advance(5_500);
  while (registry.list('web').length > 0) await new Promise((resolve) => setImmediate(resolve));
  assert.equal((await ask('GET', '/eureka/apps/WEB')).status, 404);
  assert.match((await ask('GET', '/eureka/apps/delta')).text, /"apps__hashcode":"".*"actionType":"DELETED"/);
});
