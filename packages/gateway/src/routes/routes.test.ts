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

test('routes that share a pattern are told apart by method; a wrong method gets a list of all', () => {
  const post = table.match('/users/7/orders', 'POST');
  assert.equal(post.kind === 'found' && post.entry.value, '/users/{user}/orders');
  const wrong = table.match('/users/7/orders', 'DELETE');
  assert.deepEqual(wrong.kind === 'wrong-method' && wrong.allow, ['GET', 'HEAD', 'POST']);
});

test('a parameter has the name that the chosen route gives it, whatever similar routes call it', () => {
  const named = tableOf(['/acct/{id}', ['GET']], ['/acct/{user}', ['DELETE']], ['/acct/{user}/{id}/', ['GET']]);
  for (const [path, method, expected] of [
    ['/acct/7', 'GET', { id: '7' }],
    ['/acct/7', 'DELETE', { user: '7' }],
    ['/acct/7/8/x', 'GET', { user: '7', id: '8' }],
  ] as const) {
    const match = named.match(path, method);
    assert.deepEqual(match.kind === 'found' && Object.fromEntries(match.parameters), expected);
  }
});

const layered = tableOf(
  ['/users/me', ['GET']],
  ['/users/{id}', ['PUT']],
  ['/users/{id}', ['DELETE']],
  ['/users/', ['POST', 'GET']],
  ['/{kind}/me', ['PATCH']],
);

for (const [method, path, expected] of [
  ['GET', '/users/me', '/users/me'],
  ['DELETE', '/users/me', '/users/{id} id=me'],
  ['POST', '/users/me', '/users/'],
  ['PATCH', '/users/me', '/{kind}/me kind=users'],
  ['GET', '/users/7', '/users/'],
  ['BREW', '/users/me', '/users/me: GET PUT DELETE POST PATCH'],
  ['BREW', '/users/7', '/users/{id}: PUT DELETE POST GET'],
  ['BREW', '/x/me', '/{kind}/me: PATCH'],
  ['GET', '/x/y', 'none'],
] as const) {
  test(`${method} ${path} goes to the best route that has the method: ${expected}`, () => {
    const match = layered.match(path, method);
    const parameters = match.kind === 'found' ? [...match.parameters].map(([name, value]) => ` ${name}=${value}`) : [];
    if (match.kind === 'found') assert.equal(match.entry.value + parameters.join(''), expected);
    else if (match.kind === 'wrong-method')
      assert.equal(`${match.best.pattern.template}: ${match.allow.join(' ')}`, expected);
    else assert.equal(match.kind, expected);
  });
}

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
  ['/odata', '/odata/$metadata?$top=10', '/odata', '/odata/$metadata?$top=10'],
  ['/', '/v1', '/a/b', '/v1/a/b'],
  ['/users', undefined, '/%75sers?a=b&&', '/%75sers?a=b&&'],
] as const) {
  test(`${target} under ${match} becomes ${expected}`, () => assert.equal(rewritten(match, rewrite, target), expected));
}

for (const [rewrite, value, problem] of [
  ['/tenants/{id}/public', '..', 'dot-segment'],
  ['/tenants/{id}/public', '.', 'dot-segment'],
  ['/tenants/{id}', '..;x', 'dot-segment'],
  ['/tenants/.{id}/public', '.', 'dot-segment'],
  ['/tenants/{id}/public', 'a/b', 'encoded-separator'],
  ['/tenants/{id}/public', '../..', 'encoded-separator'],
  ['/tenants/{id}/public', 'a\\b', 'encoded-separator'],
  ['/tenants/{id}/public', 'a\0', 'encoded-control-character'],
  ['/tenants/{id}/public', '%2e%2e', 'double-encoding'],
  ['/tenants/{id}/public', 'a%2Fb', 'double-encoding'],
  ['/tenants/{id}/public', '', 'empty-segment'],
] as const) {
  test(`${JSON.stringify(value)} is not put into ${rewrite}, since a path would not be accepted with it`, () => {
    assert.throws(
      () => rewritten('/t/{id}', rewrite, '/t/x', { id: value }),
      (error) => isAppError(error) && error.code === 'AMBIGUOUS_TARGET' && error.detail?.includes(problem) === true,
    );
  });
}

test('characters without meaning in a path are encoded there; a query takes every value', () => {
  assert.equal(rewritten('/t/{id}', '/a/{id}', '/t/x', { id: 'a?b#c 商.' }), '/a/a%3Fb%23c%20%E5%95%86.');
  assert.equal(rewritten('/t/{id}', '/a?x={id}', '/t/x', { id: '../%2e' }), '/a?x=..%2F%252e');
});

test('a parameter can never change the structure of its target', () => {
  const value = '1&admin=1?#/..=% 商';
  const target = rewritten('/users/{id}/orders', '/orders?user_id={id}', '/users/x/orders', { id: value });
  const url = new URL(target, 'http://h');
  assert.deepEqual([url.pathname, [...url.searchParams], url.hash], ['/orders', [['user_id', value]], '']);
});

test("the request's query follows that of the rewrite, and must not repeat its names", () => {
  const join = (query: string): string =>
    rewritten('/users/{id}/orders', '/orders?user_id={id}', `/users/1/orders${query}`, { id: '1' });
  assert.equal(join('?limit=2&x'), '/orders?user_id=1&limit=2&x');
  assert.equal(join('?100%=|&user_id%=2'), '/orders?user_id=1&100%=|&user_id%=2');
  assert.equal(join('?'), '/orders?user_id=1');
  for (const query of ['?user_id=2', '?a=1&user%5Fid=2', '?user_id', '?%u0075ser_id=2']) {
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
  ['/a', '/b/../c'],
  ['/a', '/b//c'],
  ['/a', '/b/%2e%2e/c'],
  ['/a', '/b\\c'],
  ['/a', '/b%2fc'],
  ['/a', '/b%zz'],
  ['/a', '/b?x=50%'],
  ['/a/{id}', '/b/:id'],
  ['/a/', '/b/$1'],
  ['/a/', '/b/*'],
  ['/a/{id}', '/b?x=$' + '{id}'],
] as const) {
  test(`the rewrite ${rewrite} of ${match} is refused`, () => {
    assert.throws(() => compileRewrite(parsePattern(match), rewrite), SyntaxError);
  });
}
