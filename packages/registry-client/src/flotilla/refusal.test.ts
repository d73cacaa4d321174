import assert from 'node:assert/strict';
import { test } from 'node:test';
import { refusal } from './flotilla-api.ts';

const problem = (code: string, more: object = {}): string =>
  JSON.stringify({ type: `urn:flotilla:error:${code}`, title: 'No.', code, ...more });

const body = (code: string, more: object): Buffer => Buffer.from(problem(code, more));

test('a refusal by the registry keeps its code and its text', () => {
  const errors = [{ field: '/address', code: 'LINK_LOCAL_ADDRESS', message: 'must not be link-local' }];
  const error = refusal(400, body('INVALID_REQUEST', { detail: 'Look.', errors }));
  assert.deepEqual([error.code, error.status, error.message, error.detail], ['INVALID_REQUEST', 400, 'No.', 'Look.']);
  assert.deepEqual(error.fields, errors);
});

test('so does a refusal by a registry of another release, with an unknown code', () => {
  const error = refusal(403, body('QUOTA_OF_TEAM_USED', { title: 'Your team has registered enough' }));
  assert.deepEqual([error.code, error.message], ['QUOTA_OF_TEAM_USED', 'Your team has registered enough']);
});

for (const [what, status, text, detail] of [
  ['what may go well later', 503, problem('OVERLOADED'), 'it answered 503 OVERLOADED'],
  ['a conflict that passes', 409, problem('REVISION_CONFLICT'), 'it answered 409 REVISION_CONFLICT'],
  ['a defect of a later release', 500, problem('OUT_OF_CHEESE'), 'it answered 500 OUT_OF_CHEESE'],
  ['a code with another status', 404, problem('INTERNAL'), 'it answered 404 INTERNAL'],
  ["somebody else's code", 404, '{"code":"ENOENT"}', /^it answered 404; is this the address of/],
  ['another program', 404, '<h1>no</h1>', /^it answered 404; is this the address of/],
  ['a path that is not there', 404, problem('ROUTE_NOT_FOUND'), /^it answered 404; is this the address of/],
] as const) {
  test(`${what} means that the registry could not be asked`, () => {
    const error = refusal(status, Buffer.from(text));
    assert.equal(error.code, 'REGISTRY_UNAVAILABLE');
    assert.match(error.detail ?? '', typeof detail === 'string' ? new RegExp(`^${detail}$`) : detail);
  });
}
