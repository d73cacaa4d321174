import assert from 'node:assert/strict';
import { test } from 'node:test';
import { exposePath } from './expose-path.ts';
import { routeTarget } from './route-target.ts';

/** The path under which a route shows a path of its service, and what its parameters are called. */
function shown(match: string, rewrite: string | undefined, path: string): string | undefined {
  const target = routeTarget({ match, ...(rewrite === undefined ? {} : { rewrite }) });
  const exposed = target && exposePath(target, path);
  if (exposed === undefined) return undefined;
  const names = [...exposed.names].map(([there, here]) => `${there}=${here}`).join(' ');
  return `${exposed.path} ${names}`.trim();
}

for (const [match, rewrite, path, expected] of [
  ['/users', undefined, '/users', '/users'],
  ['/users', undefined, '/users/{id}', undefined],
  ['/users/{who}', undefined, '/users/{id}', '/users/{who} id=who'],
  // Words of the service stand for themselves.
  ['/users/{who}', undefined, '/users/me', '/users/me'],
  ['/users/{who}', undefined, '/orders/{id}', undefined],
  ['/api/user/', '/user', '/user', '/api/user/'],
  ['/api/user/', '/user', '/user/{id}/keys/{key}', '/api/user/{id}/keys/{key} id=id key=key'],
  ['/api/user/', '/user', '/users', undefined],
  ['/api/{id}/', '/v1', '/v1/{id}', '/api/{id}/{id_} id=id_'],
  ['/', undefined, '/deep/{x}/', '/deep/{x}/ x=x'],
  ['/me', '/users/1', '/users/{id}', '/me'],
  ['/users/{id}/orders', '/orders?user_id={id}', '/orders', '/users/{id}/orders'],
  ['/twice/{a}', '/x/{a}/{a}', '/x/b/c', undefined],
  ['/twice/{a}', '/x/{a}/{a}', '/x/b/b', '/twice/b'],
  // A part of a segment cannot be compared with a parameter.
  ['/files/{name}', '/files/{name}.json', '/files/{file}', undefined],
  ['/files/{name}', undefined, '/files/{name}.json', undefined],
] as const)
  test(`${match}${rewrite === undefined ? '' : ` to ${rewrite}`} shows ${path} as ${expected ?? 'nothing'}`, () => {
    assert.equal(shown(match, rewrite, path), expected);
  });
