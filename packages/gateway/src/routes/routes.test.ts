import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isAppError } from '@flotilla/contracts';
import { normalTarget } from '../target/normal-target.ts';
import { parsePattern } from './pattern.ts';
import { compileRewrite, rewriteTarget } from './rewrite.ts';
import { RouteTable } from './route-table.ts';

function tableOf(...routes: (readonly [pattern: string, methods?: readonly string[]])[]): RouteTable<string> {
  const table = new RouteTable<string>();
  for (const [pattern, methods] of routes) {
    table.add({ pattern: parsePattern(pattern), methods: methods && new Set(methods), value: pattern });
  }
  return table;
}

const table = tableOf(
  ['/users'],
  ['/users/{id}'],
  ['/users/me'],
  ['/users/{id}/orders', ['GET', 'HEAD']],
  ['/users/{user}/orders', ['POST']],
  ['/users/me/settings'],
  ['/api/user/'],
  ['/api/'],
  ['/api/user/special'],
);

for (const [path, expected] of [
  ['/users', '/users'],
  ['/users/7', '/users/{id} id=7'],
  ['/users/a b', '/users/{id} id=a b'],
  ['/users/me', '/users/me'],
  ['/users/me/orders', '/users/{id}/orders id=me'],
  ['/users/me/settings', '/users/me/settings'],
  ['/users/7/settings', 'none'],
  ['/users/', 'none'],
  ['/users/7/', 'none'],
  ['/users/7/orders/1', 'none'],
  ['/Users', 'none'],
  ['/', 'none'],
  ['/api', '/api/'],
  ['/api/', '/api/'],
  ['/api/x/y', '/api/'],
  ['/api/user', '/api/user/'],
  ['/api/user/', '/api/user/'],
  ['/api/user/x', '/api/user/'],
  ['/api/user/special', '/api/user/special'],
  ['/api/user/special/x', '/api/user/'],
  ['/api/userx', '/api/'],
] as const) {
  test(`${path} is served by ${expected}`, () => {
    const match = table.match(path, 'GET');
    const parameters = match.kind === 'found' ? [...match.parameters].map(([name, value]) => ` ${name}=${value}`) : [];
    assert.equal(match.kind === 'found' ? match.entry.value + parameters.join('') : match.kind, expected);
  });
}

test('routes that share a pattern are told apart by method, and a wrong one learns of all', () => {
  const post = table.match('/users/7/orders', 'POST');
  assert.equal(post.kind === 'found' && post.entry.value, '/users/{user}/orders');
  const wrong = table.match('/users/7/orders', 'DELETE');
  assert.deepEqual(wrong.kind === 'wrong-method' && wrong.allow, ['GET', 'HEAD', 'POST']);
});

test('two routes for the same paths and methods are refused', () => {
  assert.throws(() => tableOf(['/a/{x}'], ['/a/{y}', ['GET']]), /already covers/);
  assert.throws(() => tableOf(['/a/'], ['/a/']), /already covers/);
  tableOf(['/a', ['GET']], ['/a', ['POST']], ['/a/']);
});

test('a route named like a property of every object is found like any other', () => {
  assert.equal(tableOf(['/__proto__'], ['/constructor']).match('/__proto__', 'GET').kind, 'found');
  assert.equal(table.match('/__proto__', 'GET').kind, 'none');
});

for (const pattern of ['/a//b', '/a/{', '/a/x{id}', '/{a}/{a}', '/a/../b', '/a b', '/a/%41']) {
  test(`the pattern ${pattern} is refused`, () => assert.throws(() => parsePattern(pattern), SyntaxError));
}

function rewritten(
  match: string,
  rewrite: string | undefined,
  target: string,
  values: Record<string, string> = {},
): string {
  const normal = normalTarget(target);
  assert.equal(normal.kind, 'normal');
  return rewriteTarget(compileRewrite(parsePattern(match), rewrite), normal, new Map(Object.entries(values)));
}

for (const [match, rewrite, target, expected] of [
  ['/api/user/', '/user', '/api/user/?id=1', '/user?id=1'],
  ['/api/user/', '/user', '/api/user?id=1', '/user?id=1'],
  ['/api/user/', '/user', '/api/user/', '/user'],
  ['/api/user/', '/user', '/api/user/a%20b/c/?x=%2F', '/user/a%20b/c/?x=%2F'],
  ['/api/user/', '/user', '/%61pi/user/%E5%95%86', '/user/%E5%95%86'],
  ['/api/', '/', '/api/x', '/x'],
  ['/api/', '/', '/api/?', '/?'],
  ['/', '/v1', '/a/b', '/v1/a/b'],
  ['/users', undefined, '/%75sers?a=b&&', '/%75sers?a=b&&'],
] as const) {
  test(`${target} under ${match} becomes ${expected}`, () => assert.equal(rewritten(match, rewrite, target), expected));
}

test('a parameter can never change the structure of the target it is put into', () => {
  const value = '1&admin=1?#/..=% 商';
  const target = rewritten('/users/{id}/orders', '/orders?user_id={id}', '/users/x/orders', { id: value });
  const url = new URL(target, 'http://h');
  assert.deepEqual([url.pathname, [...url.searchParams], url.hash], ['/orders', [['user_id', value]], '']);
});

test("the request's query follows that of the rewrite, and may not repeat its names", () => {
  const join = (query: string): string =>
    rewritten('/users/{id}/orders', '/orders?user_id={id}', `/users/1/orders${query}`, { id: '1' });
  assert.equal(join('?limit=2&x'), '/orders?user_id=1&limit=2&x');
  assert.equal(join('?'), '/orders?user_id=1');
  for (const query of ['?user_id=2', '?a=1&user%5Fid=2', '?user_id']) {
    assert.throws(
      () => join(query),
      (error) => isAppError(error) && error.code === 'INVALID_REQUEST',
    );
  }
});

for (const [match, rewrite] of [
  ['/a/{id}', '/b/{other}'],
  ['/a', '/b#c'],
  ['/a', '/b c'],
  ['/a', '/b{'],
  ['/a/', '/b?x=1'],
] as const) {
  test(`the rewrite ${rewrite} of ${match} is refused`, () => {
    assert.throws(() => compileRewrite(parsePattern(match), rewrite), SyntaxError);
  });
}
