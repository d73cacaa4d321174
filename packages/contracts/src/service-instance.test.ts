import assert from 'node:assert/strict';
import { isIP } from 'node:net';
import { test } from 'node:test';
import fc from 'fast-check';
import {
  addressSchema,
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

test('a registration needs name, address and port and nothing else', () => {
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

test('an unknown field is refused by its name, so that a misspelt option is noticed', () => {
  const { error } = registrationSchema.safeParse({ ...smallest, wieght: 2 });
  assert.match(error?.message ?? '', /wieght/);
});

test('a port is a whole number from 1 to 65535', () => {
  for (const port of [1, 8001, 65_535]) assert.ok(accepts({ port }), String(port));
  for (const port of [0, -1, 65_536, 70_000, 1.5, Number.NaN, '8001', null])
    assert.ok(!accepts({ port }), String(port));
});

test('lease, weight and status keep to their ranges', () => {
  for (const lease_ms of [minLeaseMs, maxLeaseMs]) assert.ok(accepts({ lease_ms }));
  for (const lease_ms of [minLeaseMs - 1, maxLeaseMs + 1, 1000.5]) assert.ok(!accepts({ lease_ms }));
  for (const weight of [0, 1000]) assert.ok(accepts({ weight }));
  for (const weight of [-1, 1001, 0.5]) assert.ok(!accepts({ weight }));
  for (const status of instanceStatuses) assert.ok(accepts({ status }));
  assert.ok(!accepts({ status: 'up' }));
});

test('tags and metadata have bounds in number and length', () => {
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

test('a name is at most 63 letters, digits, ".", "_" or "-"', () => {
  for (const name of ['a', 'user-service', 'A.b_c-9', 'x'.repeat(63)])
    assert.ok(serviceNameSchema.safeParse(name).success);
  for (const name of ['', '-a', '.a', 'a b', 'a/b', 'a%2f', 'ü', 'x'.repeat(64), 'a\n']) {
    assert.ok(!serviceNameSchema.safeParse(name).success, name);
  }
});

test('an id can stand in a path as it is', () => {
  const id = fc.string({ maxLength: 130, unit: fc.constantFrom(...'aZ09._:@-/%? \n#'.split('')) });
  fc.assert(
    fc.property(id, (text) => {
      if (!instanceIdSchema.safeParse(text).success) return;
      const { pathname } = new URL(`http://host/services/x/instances/${text}`);
      assert.equal(pathname, `/services/x/instances/${text}`);
    }),
  );
});

test('an address is an IP address or a host name', () => {
  for (const address of [
    '127.0.0.1',
    '255.255.255.255',
    '::1',
    '2001:db8::1',
    '::ffff:1.2.3.4',
    'localhost',
    'a.b-c.example',
    'x1',
  ]) {
    assert.ok(addressSchema.safeParse(address).success, address);
  }
  const refused = [
    '',
    ' ',
    '256.0.0.1',
    '1.2.3',
    '1.2.3.4.5',
    '01.2.3.4',
    'http://a',
    'a:80',
    '[::1]',
    '::1%eth0',
    'fe80::1::2',
    '-a',
    'a-',
    'a..b',
    'a_b',
    'a b',
    'ü.de',
    `${'a'.repeat(64)}.b`,
    '127.0.0.1\n',
  ];
  for (const address of refused) assert.ok(!addressSchema.safeParse(address).success, JSON.stringify(address));
});

test('every IP address is accepted, and whatever looks like one is one', () => {
  fc.assert(fc.property(fc.oneof(fc.ipV4(), fc.ipV6()), (address) => addressSchema.safeParse(address).success));
  const nearly = fc.string({ maxLength: 20, unit: fc.constantFrom(...'0123456789abf:.'.split('')) });
  fc.assert(
    fc.property(nearly, (text) => {
      const looksLikeOne = text.includes(':') || /^[\d.]+$/.test(text);
      if (looksLikeOne && addressSchema.safeParse(text).success) assert.notEqual(isIP(text), 0, text);
    }),
    { numRuns: 2000 },
  );
});

test('whatever is sent as a registration, checking it never throws', () => {
  const value = fc.oneof(
    fc.anything(),
    fc.record({ name: fc.anything(), address: fc.anything(), port: fc.anything() }),
  );
  fc.assert(fc.property(value, (sent) => typeof registrationSchema.safeParse(sent).success === 'boolean'));
});

test('traffic goes to passing and warning instances only', () => {
  assert.deepEqual(instanceStatuses.filter(isServed), ['passing', 'warning']);
});
