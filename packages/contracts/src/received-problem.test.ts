import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { AppError, coreErrors, isAppError, readProblem, relayedError, toProblem } from './index.ts';

/** What a client is told of a problem that another program has sent with this status. */
function relay(problem: unknown, status: number): unknown {
  const read = readProblem(problem);
  const error = read === undefined ? undefined : relayedError(read, status, coreErrors.NOT_FOUND);
  return error === undefined ? undefined : toProblem(error, { locale: 'zh-CN' });
}

test('a problem of ours passes unchanged', () => {
  const fields = [{ field: '/port', code: 'TOO_LARGE', parameters: { max: 65_535 } }] as const;
  const problem = toProblem(new AppError('INVALID_REQUEST', { fields, detail: 'Of a test.' }), { locale: 'zh-CN' });
  assert.deepEqual(relay(problem, 400), problem);
});

test('a problem of another release keeps its code, its text, and the codes of its fields', () => {
  const problem = {
    type: 'urn:flotilla:error:NO_SUCH_PLANET',
    title: '没有这颗行星 {name}',
    status: 404,
    code: 'NO_SUCH_PLANET',
    detail: 'Pluto',
    errors: [{ field: '?planet', code: 'NOT_A_PLANET', message: '不是行星' }],
  };
  assert.deepEqual(relay(problem, 404), problem);
});

test('the status is that of the response, whatever the document says', () => {
  const told = relay({ type: 'urn:x:y', title: 'x', status: 200 }, 404);
  assert.deepEqual(told, { type: 'urn:x:y', title: 'x', status: 404, code: 'NOT_FOUND' });
});

test('a problem with neither code nor type, or a core code with another status, is not relayed', () => {
  for (const problem of [
    {},
    { type: 'about:blank', title: 'Not Found' },
    { code: 404 },
    { code: 'a b' },
    { code: 'INTERNAL' },
  ])
    assert.equal(relay(problem, 404), undefined, JSON.stringify(problem));
});

test('a value that is not an object is not a problem', () => {
  for (const value of [undefined, null, 'x', 7, [], [{ code: 'GONE' }]]) assert.equal(readProblem(value), undefined);
});

test('for an unknown code, the status decides on retries and on the gRPC status', () => {
  const of = (code: string, status: number): AppError | undefined =>
    relayedError(readProblem({ code }) ?? assert.fail(), status, coreErrors.TOO_MANY_REQUESTS);
  const known = of('SERVICE_NOT_FOUND', 404);
  assert.deepEqual([known?.kind.grpc, known?.retryable], ['NOT_FOUND', true]);
  const unknown = of('SLOWER', 429);
  assert.deepEqual([unknown?.kind.grpc, unknown?.retryable], ['RESOURCE_EXHAUSTED', true]);
  assert.ok(isAppError(known, 'SERVICE_NOT_FOUND'));
});

test('whatever another program sends, the relayed part is bounded', () => {
  const text = fc.oneof(fc.string(), fc.constant('x'.repeat(5_000)), fc.constant('urn:x:y'), fc.constant('GONE'));
  const member = fc.oneof(text, fc.integer(), fc.constant(null), fc.array(fc.object(), { maxLength: 200 }));
  const names = ['type', 'code', 'title', 'detail', 'errors', 'status', 'instance', 'stack', '__proto__'] as const;
  fc.assert(
    fc.property(
      fc.dictionary(fc.constantFrom(...names), member),
      fc.integer({ min: 400, max: 599 }),
      (problem, status) => {
        const told = relay(problem, status);
        assert.ok(told === undefined || JSON.stringify(told).length < 20_000);
        for (const name of Object.keys(told ?? {}))
          assert.ok(['type', 'title', 'status', 'code', 'detail', 'errors'].includes(name), name);
      },
    ),
  );
});
