import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { AppError, coreErrors, readProblem, relayedError } from '@flotilla/contracts';
import { prefersPlainText } from './prefers-plain-text.ts';
import { problemAnswer } from './problem-answer.ts';

describe('prefersPlainText', () => {
  it('is true only if plain text has more weight than JSON', () => {
    for (const accept of [
      'text/plain',
      'text/plain;q=0.12345, application/json;q=0.1',
      'text/plain, application/json;q=much',
      'text/*',
      'text/plain, */*;q=0.5',
      'application/json;q=0.1, text/plain',
      'TEXT/Plain',
    ])
      assert.equal(prefersPlainText(accept), true, accept);
    for (const accept of [
      undefined,
      '',
      '*/*',
      'application/json',
      'text/plain, application/json',
      'text/html,application/xhtml+xml,*/*;q=0.8',
      'text/plain;q=0.5, application/problem+json',
      'text/plain;q=0',
      ',;,=',
    ])
      assert.equal(prefersPlainText(accept), false, accept);
  });
});

describe('problemAnswer', () => {
  const context = { locale: 'zh-CN', instance: '/user', requestId: 'r', traceId: 't' } as const;

  it('is a problem document in the language of the caller', () => {
    const answer = problemAnswer(new AppError('GONE'), context, 'application/json');
    assert.equal(answer.status, 410);
    assert.equal(answer.headers['content-type'], 'application/problem+json');
    assert.equal(answer.headers['content-language'], 'zh-CN');
    assert.equal(answer.headers['content-length'], String(Buffer.byteLength(answer.body)));
    const problem: unknown = JSON.parse(answer.body);
    assert.deepEqual(problem, {
      type: 'urn:flotilla:error:GONE',
      title: '请求的内容已被永久移除',
      status: 410,
      code: 'GONE',
      instance: '/user',
      requestId: 'r',
      traceId: 't',
    });
  });

  it('is only the message for a caller that prefers plain text', () => {
    const answer = problemAnswer(new AppError('GONE'), context, 'text/plain');
    assert.equal(answer.body, '请求的内容已被永久移除\n');
    assert.equal(answer.headers['content-type'], 'text/plain; charset=utf-8');
  });

  it('names the language that another program gave for its words, or none', () => {
    const languageOf = (language: string | undefined): string | undefined => {
      const problem = readProblem({ code: 'NO_ROOM', title: 'Kein Platz' }) ?? assert.fail();
      const error = relayedError(problem, 404, coreErrors.NOT_FOUND, { language }) ?? assert.fail();
      return problemAnswer(error, context, undefined).headers['content-language'];
    };
    assert.deepEqual(['de', 'de-AT, en', undefined, 'de\r\nx: y'].map(languageOf), [
      'de',
      'de-AT, en',
      undefined,
      undefined,
    ]);
  });

  it('includes Retry-After and Allow, but never the cause', () => {
    const error = new AppError('STORAGE_UNAVAILABLE', { retryAfterMs: 1200, cause: new Error('disk /secret') });
    const answer = problemAnswer(error, context, undefined);
    assert.equal(answer.headers['retry-after'], '2');
    assert.doesNotMatch(answer.body, /secret/);
    const refused = new AppError('METHOD_NOT_ALLOWED', { parameters: { methods: 'GET' }, allow: ['GET', 'HEAD'] });
    assert.equal(problemAnswer(refused, context, undefined).headers['allow'], 'GET, HEAD');
  });
});
