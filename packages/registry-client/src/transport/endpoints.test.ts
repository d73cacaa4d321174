import assert from 'node:assert/strict';
import { test } from 'node:test';
import { AppError, isAppError } from '@flotilla/contracts';
import { Endpoints, parseRegistryUrls } from './endpoints.ts';

const never = new AbortController().signal;

test('reads one URL or several, keeps a path in front, drops what does not belong there', () => {
  const read = (text: string): string[] => parseRegistryUrls(text).map(String);
  assert.deepEqual(read('http://127.0.0.1:8500'), ['http://127.0.0.1:8500/']);
  assert.deepEqual(read(' http://a:1, https://b/registry?x#y,'), ['http://a:1/', 'https://b/registry/']);
  assert.equal(new URL('services', parseRegistryUrls('http://a/registry')[0]).href, 'http://a/registry/services');
  for (const wrong of ['', ' , ', '127.0.0.1:8500', 'localhost', 'ftp://a'])
    assert.throws(() => parseRegistryUrls(wrong), /give one like http:\/\/127\.0\.0\.1:8500/);
});

test('tries each address once, stays with the one that worked, and says why the last did not', async () => {
  const endpoints = new Endpoints(parseRegistryUrls('http://a,http://b,http://c'));
  const tried: string[] = [];
  const only = (alive: string) => (base: URL) => {
    tried.push(base.hostname);
    if (base.hostname === alive) return Promise.resolve(alive);
    return Promise.reject(Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED' }));
  };
  assert.equal(await endpoints.tryInTurn(never, only('c')), 'c');
  assert.equal(await endpoints.tryInTurn(never, only('c')), 'c');
  assert.equal(await endpoints.tryInTurn(never, only('b')), 'b');
  assert.deepEqual(tried, ['a', 'b', 'c', 'c', 'c', 'a', 'b']);
  await assert.rejects(endpoints.tryInTurn(never, only('none')), (error) => {
    assert.ok(isAppError(error));
    assert.equal(error.code, 'REGISTRY_UNAVAILABLE');
    assert.match(error.detail ?? '', /^http:\/\/a: nothing listens there/);
    return true;
  });
});

test('a registry that says no is not asked elsewhere, and a cancelled call ends with its reason', async () => {
  const endpoints = new Endpoints(parseRegistryUrls('http://a,http://b'));
  let calls = 0;
  const refuse = (error: Error) => () => {
    calls += 1;
    return Promise.reject(error);
  };
  const no = new AppError('INVALID_REQUEST');
  await assert.rejects(endpoints.tryInTurn(never, refuse(no)), no);
  const reason = new Error('stopped');
  await assert.rejects(endpoints.tryInTurn(AbortSignal.abort(reason), refuse(new Error('aborted'))), reason);
  assert.equal(calls, 2);
});
