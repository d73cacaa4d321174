import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { lastingStore } from '@flotilla/conformance';
import { FakeClock } from '@flotilla/testing';
import { createRegistry, type Registry } from '../registry.ts';
import type { RegistryOptions } from '../state/options.ts';
import { openSqliteStore } from '../store/sqlite-store.ts';
import type { KeyEntry } from './key-entry.ts';
import type { KeyOperation } from './key-operation.ts';

async function begun(t: TestContext, options: Partial<RegistryOptions> = {}): Promise<Registry> {
  const clock = new FakeClock();
  const registry = await createRegistry({ store: openSqliteStore({ file: ':memory:', clock }), clock, ...options });
  t.after(() => registry.close());
  return registry;
}

const base64 = (text: string): string => Buffer.from(text).toString('base64');
const set = (key: string, text: string): KeyOperation => ({ verb: 'set', key, value: base64(text) });
const setAt = (key: string, text: string, revision: number): KeyOperation => ({
  verb: 'set-at',
  key,
  value: base64(text),
  revision,
});

/** Carries out one operation that has to succeed, and gives back what it wrote or read. */
async function done(registry: Registry, ...operations: readonly KeyOperation[]): Promise<KeyEntry> {
  const outcome = await registry.keys.transact(operations);
  assert.equal(outcome.kind, 'done', JSON.stringify(outcome));
  const entry = outcome.kind === 'done' ? outcome.results.at(-1)?.[0] : undefined;
  return entry ?? ({} as KeyEntry); // Removals give back nothing, and nobody looks.
}

/** Why operations could not be carried out. */
async function failed(registry: Registry, ...operations: readonly KeyOperation[]): Promise<readonly string[]> {
  const { revision } = registry;
  const outcome = await registry.keys.transact(operations);
  assert.equal(registry.revision, revision, 'nothing is changed');
  return outcome.kind === 'failed' ? outcome.failures.map(({ at, why }) => `${at} ${why}`) : ['done'];
}

const names = (registry: Registry, prefix = ''): readonly string[] =>
  [...registry.keys.under(prefix)].map(({ key }) => key);

test('a key knows the revision that made it and the one that changed it', async (t) => {
  const registry = await begun(t);
  const made = await done(registry, set('a', 'one'));
  assert.deepEqual([made.createdRevision, made.revision], [registry.revision, registry.revision]);
  const changed = await done(registry, set('a', 'two'));
  assert.equal(changed.createdRevision, made.revision);
  assert.ok(changed.revision > made.revision);
  assert.deepEqual(registry.keys.get('a'), changed);
  await done(registry, { verb: 'delete', key: 'a' });
  assert.equal(registry.keys.get('a'), undefined);
  const again = await done(registry, set('a', 'two'));
  assert.ok(again.createdRevision > changed.revision, 'another key of the same name');
});

test('a write of the same value is no change', async (t) => {
  const registry = await begun(t);
  const first = await done(registry, set('a', 'one'));
  assert.deepEqual(await done(registry, set('a', 'one')), first);
  await done(registry, { verb: 'delete', key: 'absent' }, { verb: 'delete-under', prefix: 'absent/' });
  assert.equal(registry.revision, first.revision);
});

test('of many writers of a key at the revision they have read, one writes', async (t) => {
  const registry = await begun(t);
  assert.deepEqual(await failed(registry, setAt('a', 'x', 1)), ['0 changed']);
  for (let round = 0; round < 3; round += 1) {
    const revision = registry.keys.get('a')?.revision ?? 0;
    // Some write what is there already, and all of one round the same.
    const outcomes = await Promise.all(
      Array.from({ length: 20 }, (_, index) =>
        registry.keys.transact([setAt('a', index < 5 ? 'x' : `${round}`, revision)]),
      ),
    );
    assert.equal(outcomes.filter(({ kind }) => kind === 'done').length, 1);
  }
  const { revision } = registry.keys.get('a') ?? assert.fail();
  assert.deepEqual(await failed(registry, { verb: 'delete-at', key: 'a', revision: revision - 1 }), ['0 changed']);
  await done(registry, { verb: 'delete-at', key: 'a', revision });
  await done(registry, { verb: 'delete-at', key: 'a', revision });
  assert.deepEqual(names(registry), []);
});

test('keys are in the order of their bytes, and a prefix is just what they begin with', async (t) => {
  const registry = await begun(t);
  for (const key of ['b', 'a/2', 'a', 'a/10', 'a0', '😀', '\ue000', 'a/é']) await done(registry, set(key, key));
  assert.deepEqual(names(registry), ['a', 'a/10', 'a/2', 'a/é', 'a0', 'b', '\ue000', '😀']);
  assert.deepEqual(names(registry, 'a/'), ['a/10', 'a/2', 'a/é']);
  assert.deepEqual([...registry.keys.under('a/', 'a/10')].length, 2);
  await done(registry, { verb: 'delete-under', prefix: 'a/' });
  assert.deepEqual(names(registry), ['a', 'a0', 'b', '\ue000', '😀']);
});

test('a transaction does everything or nothing, and each step sees those before it', async (t) => {
  const registry = await begun(t);
  await done(registry, set('a/1', 'x'), set('a/2', 'y'));
  const bad = [set('a/1', 'changed'), { verb: 'get', key: 'absent' }, { verb: 'check-absent', key: 'a/2' }] as const;
  assert.deepEqual(await failed(registry, ...bad), ['1 missing', '2 present']);
  const outcome = await registry.keys.transact([
    { verb: 'get', key: 'a/1' },
    set('a/1', 'z'),
    { verb: 'get', key: 'a/1' },
    { verb: 'delete-under', prefix: 'a/' },
    { verb: 'get-under', prefix: 'a/' },
    { verb: 'get-if-there', key: 'a/1' },
    set('a/1', 'new'),
    { verb: 'get-under', prefix: '' },
  ]);
  assert.ok(outcome.kind === 'done');
  assert.deepEqual(
    outcome.results.map((entries) => entries.map(({ key, value }) => `${key}=${Buffer.from(value, 'base64')}`)),
    [['a/1=x'], ['a/1=z'], ['a/1=z'], [], [], [], ['a/1=new'], ['a/1=new']],
  );
  // What was written just now is there, and has no revision that could be named.
  assert.deepEqual(await failed(registry, set('b', 'x'), setAt('b', 'y', 0)), ['1 changed']);
  const { revision } = registry;
  assert.deepEqual(registry.keys.get('a/1'), {
    key: 'a/1',
    value: base64('new'),
    flags: '0',
    lockIndex: 0,
    session: undefined,
    createdRevision: revision,
    revision,
  });
});

test('removing a prefix and writing under it at the same moment leaves what one order of them would', async (t) => {
  const registry = await begun(t);
  for (let round = 0; round < 20; round += 1) {
    const { revision } = await done(registry, set('a/1', `${round}`));
    const steps: KeyOperation[] = [
      setAt('a/1', 'kept', revision),
      { verb: 'delete-under', prefix: 'a/' },
      set('a/2', 'x'),
      { verb: 'get-under', prefix: 'a/' },
    ];
    const order = steps.map((_, index) => steps[(index + round) % steps.length] ?? assert.fail());
    const outcomes = await Promise.all(order.map((step) => registry.keys.transact([step])));
    const cas = outcomes[order.findIndex(({ verb }) => verb === 'set-at')];
    // If the range went first there was nothing at that revision any more; if it went last nothing of it is left.
    if (names(registry).includes('a/1')) assert.fail('a key is left that was removed before or after it was written');
    assert.ok(cas?.kind === 'done' || cas?.kind === 'failed');
    await done(registry, { verb: 'delete-under', prefix: '' });
  }
});

test('everything is there after a restart, and no revision comes twice', async (t) => {
  const store = lastingStore(openSqliteStore({ file: ':memory:', clock: new FakeClock(0) }));
  const first = await createRegistry({ store, clock: new FakeClock() });
  const session = await first.sessions.create({
    name: 'leader',
    ttlMs: 0,
    lockDelayMs: 15_000,
    behavior: 'release',
    links: [],
  });
  await done(first, set('a', 'one'), { ...set('b', 'two'), flags: '18446744073709551615' } as KeyOperation);
  await done(first, { verb: 'lock', key: 'b', value: base64('three'), session: session.value.id });
  const before = [...first.keys.under('')];
  await first.close();
  const second = await begun(t, { store });
  assert.deepEqual([...second.keys.under('')], before);
  assert.deepEqual([second.keys.size, second.keys.bytes, first.keys.bytes], [2, first.keys.bytes, 2 + 3 + 5]);
  assert.deepEqual(
    second.sessions.all().map(({ value }) => value),
    [session.value],
  );
  assert.ok((await done(second, set('a', 'two'))).revision > first.revision);
});

test('more keys or bytes than there may be are refused, also when many come at once', async (t) => {
  const registry = await begun(t, { keyLimits: { maxKeys: 3, maxKeysBytes: 100 } });
  const results = await Promise.allSettled(
    Array.from({ length: 5 }, (_, index) => registry.keys.transact([set(`k${index}`, 'x')])),
  );
  assert.equal(results.filter(({ status }) => status === 'fulfilled').length, 3);
  assert.equal(registry.keys.size, 3);
  await assert.rejects(registry.keys.transact([set('k0', 'x'.repeat(100))]), { code: 'KEY_LIMIT', status: 507 });
  await done(registry, set('k0', 'x'.repeat(90)));
  await done(registry, set('k0', 'x'.repeat(50)));
  await done(registry, { verb: 'delete', key: 'k1' }, set('k9', 'y'));
});

test('a setting is refused that its service has said it does not take', async (t) => {
  const registry = await begun(t);
  await done(registry, set('config/web/ANY', 'nobody has said anything'));
  const described = { describe: '', expects: 'a whole number from 1 to 9', live: true };
  const schema = {
    settings: {
      LIMIT: { ...described, rule: { kind: 'integer', min: 1, max: 9 } },
      OWN: { ...described, rule: { kind: 'flag' }, local: 'It is needed before the registry is known' },
    },
  };
  await done(registry, set('config-schema/web', JSON.stringify(schema)));
  await done(
    registry,
    set('config/web/LIMIT', '5'),
    set('config/web/deeper/LIMIT', 'x'),
    set('config/shared/LIMIT', 'x'),
  );
  for (const [key, value, why] of [
    ['config/web/LIMIT', '10', /The value is not a whole number from 1 to 9$/],
    ['config/web/LIMIT', '', /is not a whole number/],
    ['config/web/LIMITS', '5', /web has no setting LIMITS\. Did you mean LIMIT\?/],
    ['config/web/OWN', 'true', /needed before/],
  ] as const)
    await assert.rejects(registry.keys.transact([set(key, value)]), { code: 'INVALID_SETTING', detail: why });
  const bytes: KeyOperation = { verb: 'set', key: 'config/web/LIMIT', value: '/w==' };
  await assert.rejects(registry.keys.transact([bytes]), { code: 'INVALID_SETTING' });
  assert.equal(registry.keys.get('config/web/LIMIT')?.value, base64('5'));
});
