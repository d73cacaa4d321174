import assert from 'node:assert/strict';
import { test } from 'node:test';
import { problemOfName, problemOfValue } from './editable-fields.ts';
import { FieldEdits } from './field-edits.ts';

test('edits are applied in the order in which they are written, whatever the case of the names', () => {
  const edits = new FieldEdits('request');
  edits.remove('COOKIE');
  edits.set('x-a', '1');
  edits.add('X-A', '2');
  edits.set('X-New', '');
  const fields = ['Host', 'h', 'X-A', 'old', 'cookie', 'a=b', 'x-A', 'older', 'Cookie', 'c=d', 'Accept', '*/*'];
  edits.applyTo(fields);
  assert.deepEqual(fields, ['Host', 'h', 'Accept', '*/*', 'x-a', '1', 'X-A', '2', 'X-New', '']);
});

test('on the way to a service, a field that servers confuse with another is removed with it', () => {
  for (const [direction, left] of [
    ['request', ['x-userx', 'b']],
    ['answer', ['X.User', 'a', 'x-userx', 'b']],
  ] as const) {
    const edits = new FieldEdits(direction);
    edits.remove('X-User');
    const fields = ['X.User', 'a', 'x-userx', 'b', 'X-USER', 'c'];
    edits.applyTo(fields);
    assert.deepEqual(fields, left);
  }
});

test('a field that was removed from the head or set in it does not come back as a trailer; an added one may', () => {
  const edits = new FieldEdits('answer');
  edits.remove('X-Gone');
  edits.set('X-Set', '1');
  edits.add('X-More', '1');
  const trailers = ['x-gone', 'a', 'x-set', 'b', 'x-more', 'c', 'x-sum', 'd'];
  assert.deepEqual(edits.applyToTrailers(trailers), ['x-more', 'c', 'x-sum', 'd']);
  assert.deepEqual(trailers.length, 8);
});

for (const [direction, name, advice] of [
  ['request', 'Content-Length', /frames.*remove it/],
  ['answer', 'transfer-encoding', /frames/],
  ['request', 'Connection', /single connection.*remove it/],
  ['answer', 'Keep-Alive', /single connection/],
  ['request', 'Proxy-Authorization', /single connection/],
  ['request', 'host', /belongs to the gateway.*host that the client asked for/],
  ['request', 'X-Forwarded-For', /trustedProxies/],
  ['request', 'Via', /belongs to the gateway/],
  ['request', 'traceparent', /belongs to the gateway/],
  ['answer', 'X-Request-Id', /belongs to the gateway/],
  ['answer', 'Date', /belongs to the gateway/],
  ['request', 'X_User', /write "X-User"/],
  ['request', 'X User', /not a valid field name/],
  ['answer', 'X-A\r\nX-B', /not a valid field name/],
  ['answer', ':status', /not a valid field name/],
  ['answer', '', /not a valid field name/],
] as const) {
  test(`no policy changes ${JSON.stringify(name)} of a ${direction}, and the message says why`, () => {
    assert.match(problemOfName(direction, name) ?? '', advice);
    assert.throws(() => new FieldEdits(direction).remove(name), TypeError);
    assert.throws(() => new FieldEdits(direction).set(name, '1'), TypeError);
  });
}

test('the user and other fields that only proxies may write can be set', () => {
  for (const name of ['Authorization', 'Cookie', 'Remote-User', 'X-Auth-Request-Email', 'X-Forwarded-User', 'Server']) {
    assert.equal(problemOfName('request', name), undefined, name);
  }
});

test('a value that would end its line, lose its ends or be cut short is refused', () => {
  for (const value of ['a\r\nX-B: c', 'a\n', 'a\0', ' a', 'a ', '€']) {
    assert.ok(problemOfValue('X-A', value) !== undefined, JSON.stringify(value));
    assert.throws(() => new FieldEdits('answer').add('X-A', value), TypeError);
  }
  for (const value of ['', 'a b', 'caf\u00e9', 'a\tb']) assert.equal(problemOfValue('X-A', value), undefined);
});

test('a login bound to its connection cannot be set on connections that clients share', () => {
  assert.throws(() => new FieldEdits('request').set('authorization', 'Negotiate YII='), /bound to one connection/);
  new FieldEdits('request').set('authorization', 'Bearer abc');
});
