import assert from 'node:assert/strict';
import { test } from 'node:test';
import { FakeClock } from '@flotilla/testing';
import type { Right } from './access.ts';
import { AccessGate } from './access-gate.ts';
import { readTokenList, type TokenEntry } from './token-list.ts';

const orders = 'the-token-of-the-orders';

function entriesOf(...entries: readonly object[]): readonly TokenEntry[] {
  const list = readTokenList(JSON.stringify(entries));
  return list.ok ? list.entries : assert.fail(list.problems.join('; '));
}

function gateOf(...entries: readonly object[]): { gate: AccessGate; clock: FakeClock } {
  const clock = new FakeClock();
  return { gate: new AccessGate({ clock, entries: entriesOf(...entries) }), clock };
}

test('without tokens everybody may do everything', () => {
  const gate = new AccessGate({ clock: new FakeClock() });
  assert.equal(gate.isOpen, true);
  assert.equal(gate.accessOf('whatever').may({ kind: 'operate' }), true);
});

test("a token may do what its prefixes cover, and an operator's may register everything", () => {
  const { gate } = gateOf({
    name: 'orders',
    token: orders,
    register: ['order-'],
    read_keys: ['a/'],
    write_keys: ['a/b'],
  });
  const access = gate.accessOf(orders);
  const may = (right: Right): boolean => access.may(right);
  assert.deepEqual(
    ['order-service', 'order-', 'order', 'user-service', ''].map((service) => may({ kind: 'register', service })),
    [true, true, false, false, false],
  );
  assert.deepEqual(
    ['a/', 'a/x', 'b', ''].map((key) => [may({ kind: 'read-key', key }), may({ kind: 'write-key', key: `${key}b` })]),
    [
      [true, true],
      [true, false],
      [false, false],
      [false, false],
    ],
  );
  assert.deepEqual([may({ kind: 'read-keys', prefix: 'a' }), may({ kind: 'read-keys', prefix: 'a/' })], [false, true]);
  assert.deepEqual([may({ kind: 'discover' }), may({ kind: 'operate' }), may({ kind: 'open' })], [true, false, true]);
  const operator = gateOf({ name: 'ops', token: orders, operate: true }).gate.accessOf(orders);
  assert.equal(operator.may({ kind: 'register', service: 'any' }), true);
  assert.equal(operator.may({ kind: 'write-key', key: 'any' }), false);
});

test('a token for a service reads its configuration and writes its schema, and nothing of others', () => {
  const access = gateOf({ name: 'orders', token: orders, register: ['order-'] }).gate.accessOf(orders);
  const keys = ['config/shared/LOG_LEVEL', 'config/order-service/X', 'config/user-service/X', 'config/', 'other'];
  assert.deepEqual(
    keys.map((key) => access.may({ kind: 'read-key', key })),
    [true, true, false, false, false],
  );
  assert.ok(keys.every((key) => !access.may({ kind: 'write-key', key })));
  assert.equal(access.may({ kind: 'read-keys', prefix: 'config/order-service/' }), true);
  for (const kind of ['read-key', 'write-key'] as const) {
    assert.equal(access.may({ kind, key: 'config-schema/order-service' }), true);
    assert.equal(access.may({ kind, key: 'config-schema/user-service' }), false);
  }
});

test('a request without a token may do what the entry "anonymous" says, by default nothing', () => {
  const { gate } = gateOf({ name: 'orders', token: orders });
  assert.equal(gate.accessOf(undefined).may({ kind: 'discover' }), false);
  assert.throws(() => gate.accessOf(undefined).require({ kind: 'discover' }), {
    code: 'FORBIDDEN',
    detail: /without a token .* may not look up services/,
  });
  const open = gateOf({ name: 'anonymous' }, { name: 'orders', token: orders }).gate;
  assert.equal(open.accessOf(undefined).may({ kind: 'discover' }), true);
});

test('a token that nobody has is refused, also after it was taken away', () => {
  const { gate } = gateOf({ name: 'orders', token: orders });
  assert.throws(() => gate.accessOf('another-one-that-is-long'), { code: 'FORBIDDEN' });
  gate.replace(entriesOf({ name: 'new', token: 'another-one-that-is-long' }));
  assert.throws(() => gate.accessOf(orders), { code: 'FORBIDDEN' });
  assert.equal(gate.accessOf('another-one-that-is-long').name, 'new');
});

test('a token that asks more often than it may is told when to come again', () => {
  const { gate, clock } = gateOf({ name: 'orders', token: orders, max_requests_per_second: 2 });
  for (let index = 0; index < 4; index += 1) gate.accessOf(orders);
  assert.throws(() => gate.accessOf(orders), { code: 'TOO_MANY_REQUESTS', retryAfterMs: 500 });
  clock.advance(500);
  gate.accessOf(orders);
  assert.throws(() => gate.accessOf(orders), { code: 'TOO_MANY_REQUESTS' });
});
