import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import {
  instanceIdSchema,
  instanceStatuses,
  isServed,
  maxLeaseMs,
  minLeaseMs,
  type Registration,
  registrationSchema,
  serviceNameSchema,
} from './index.ts';

const smallest: Registration = { name: 'user-service', address: '127.0.0.1', port: 8001 };

function accepts(change: Record<string, unknown>): boolean {
  return registrationSchema.safeParse({ ...smallest, ...change }).success;
}

test('a registration needs name, address and port, and nothing else', () => {
  assert.ok(registrationSchema.safeParse(smallest).success);
  for (const name of ['name', 'address', 'port'] as const) {
    const { [name]: _left, ...others } = smallest;
    assert.ok(!registrationSchema.safeParse(others).success, `${name} was not missed`);
  }
});

test('a registration that is not an object is refused', () => {
  for (const value of [null, [], [smallest], 'x', 1, undefined])
    assert.ok(!registrationSchema.safeParse(value).success);
});

test('an unknown field is refused by name, so that a typo in an option is noticed', () => {
  const { error } = registrationSchema.safeParse({ ...smallest, wieght: 2 });
  assert.match(error?.message ?? '', /wieght/);
});

test('a port is a whole number from 1 to 65535', () => {
  for (const port of [1, 8001, 65_535]) assert.ok(accepts({ port }), String(port));
  for (const port of [0, -1, 65_536, 70_000, 1.5, Number.NaN, '8001', null])
    assert.ok(!accepts({ port }), String(port));
});

test('lease, weight and status stay within their ranges', () => {
  for (const lease_ms of [minLeaseMs, maxLeaseMs]) assert.ok(accepts({ lease_ms }));
  for (const lease_ms of [minLeaseMs - 1, maxLeaseMs + 1, 1000.5]) assert.ok(!accepts({ lease_ms }));
  for (const weight of [0, 1000]) assert.ok(accepts({ weight }));
  for (const weight of [-1, 1001, 0.5]) assert.ok(!accepts({ weight }));
  for (const status of instanceStatuses) assert.ok(accepts({ status }));
  assert.ok(!accepts({ status: 'up' }));
});

test('tags and metadata are limited in number and length', () => {
  assert.ok(accepts({ tags: Array.from({ length: 32 }, (_, index) => `t${index}`) }));
  assert.ok(!accepts({ tags: Array.from({ length: 33 }, (_, index) => `t${index}`) }));
  for (const tag of ['', 'a b', 'é', 'a'.repeat(65), 'a\n']) assert.ok(!accepts({ tags: [tag] }), tag);
  const entries = (count: number): object =>
    Object.fromEntries(Array.from({ length: count }, (_, i) => [`k${i}`, 'v']));
  assert.ok(accepts({ metadata: entries(64) }));
  assert.ok(!accepts({ metadata: entries(65) }));
  assert.ok(!accepts({ metadata: { k: 'v'.repeat(513) } }));
  assert.ok(!accepts({ metadata: { k: 1 } }));
});

test('a name has at most 63 letters, digits, ".", "_" or "-"', () => {
  for (const name of ['a', 'user-service', 'A.b_c-9', 'x'.repeat(63)])
    assert.ok(serviceNameSchema.safeParse(name).success);
  for (const name of ['', '-a', '.a', 'a b', 'a/b', 'a%2f', 'ü', 'x'.repeat(64), 'a\n']) {
    assert.ok(!serviceNameSchema.safeParse(name).success, name);
  }
});

test('an id can be used in a path unchanged', () => {
  const id = fc.string({ maxLength: 130, unit: fc.constantFrom(...'aZ09._:@-/%? \n#'.split('')) });
  fc.assert(
    fc.property(id, (text) => {
      if (!instanceIdSchema.safeParse(text).success) return;
      const { pathname } = new URL(`http://host/services/x/instances/${text}`);
      assert.equal(pathname, `/services/x/instances/${text}`);
    }),
  );
});

test('whatever is sent as a registration, checking it never throws', () => {
  const value = fc.oneof(
    fc.anything(),
    fc.record({ name: fc.anything(), address: fc.anything(), port: fc.anything() }),
  );
  fc.assert(fc.property(value, (sent) => typeof registrationSchema.safeParse(sent).success === 'boolean'));
});

test('traffic goes only to passing and warning instances', () => {
  assert.deepEqual(instanceStatuses.filter(isServed), ['passing', 'warning']);
});
