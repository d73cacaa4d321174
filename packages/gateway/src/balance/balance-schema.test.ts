import assert from 'node:assert/strict';
import { test } from 'node:test';
import { balancerKinds } from './balance-config.ts';
import { balanceSchema } from './balance-schema.ts';

function problemsOf(value: unknown): string {
  const { error } = balanceSchema.safeParse(value);
  return error?.issues.map(({ path, message }) => `${path.join('.')}: ${message}`).join('\n') ?? '';
}

for (const { kind, example } of balancerKinds) {
  test(`the example of ${kind} is accepted`, () => assert.equal(problemsOf(example), ''));
}

const hash = { kind: 'consistent-hash', key: { from: 'client' } };
for (const [what, value, expected] of [
  ['a name alone', 'least-in-flight', /must be, for example, \{ kind: 'least-in-flight' \}/],
  ['the name of another gateway', { kind: 'LEAST_CONN' }, /kind: must be, for example, \{ kind: 'least-in-flight' \}/],
  ['another spelling', { kind: 'round_robin' }, /\{ kind: 'weighted-round-robin' \}/],
  ['a slip', { kind: 'consistant-hash' }, /\{ kind: 'consistent-hash', key: \{ from: 'header', name: 'X-Tenant' \} \}/],
  ['an unknown balancer', { kind: 'quantum' }, /consistent-hash.* or \{ kind: 'least-in-flight' \} or/],
  ['nothing', {}, /for example/],
  ['a number', 7, /for example/],
  ['a hash without a key', { kind: 'consistent-hash' }, /key: must be an object such as \{ from: 'header'/],
  ['a key as text', { ...hash, key: 'X-Tenant' }, /key: must be an object such as/],
  ['a key from elsewhere', { ...hash, key: { from: 'query', name: 'a' } }, /key\.from: must be 'header', 'cookie'/],
  ['a header without a name', { ...hash, key: { from: 'header' } }, /key\.name: must name the header/],
  ['a client with a name', { ...hash, key: { from: 'client', name: 'x' } }, /key\.name: must not be set with/],
  ['an invalid name', { ...hash, key: { from: 'header', name: 'a b' } }, /key\.name: must be a valid name/],
  [
    'what anybody can write',
    { ...hash, key: { from: 'header', name: 'X-Forwarded-For' } },
    /use key: \{ from: 'client' \}/,
  ],
  ['all cookies', { ...hash, key: { from: 'header', name: 'Cookie' } }, /use key: \{ from: 'cookie'/],
  ['a factor of one', { ...hash, loadFactor: 1 }, /loadFactor: must be at least 1\.05/],
  ['a misspelt option', { ...hash, laodFactor: 2 }, /laodFactor/],
] as const) {
  test(`${what} is refused, and the message shows the right form`, () => assert.match(problemsOf(value), expected));
}
