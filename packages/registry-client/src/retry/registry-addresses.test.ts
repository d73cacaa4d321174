import assert from 'node:assert/strict';
import { test } from 'node:test';
import { AppError, isAppError } from '@flotilla/contracts';
import { RegistryAddresses } from './registry-addresses.ts';

const never = new AbortController().signal;
const urls = (...texts: string[]): URL[] => texts.map((text) => new URL(text));

test('keeps a path prefix, and drops what does not belong in a base URL', async () => {
  const asked: string[] = [];
  const addresses = new RegistryAddresses(urls('http://a:1?x#y', 'https://b/registry', 'http://[::1]:8500/registry/'));
  const refuse = (base: URL): Promise<never> => {
    asked.push(new URL('services', base).href);
    return Promise.reject(new Error('refused'));
  };
  await assert.rejects(addresses.tryInTurn(never, refuse));
  assert.deepEqual(asked, [
    'http://a:1/services',
    'https://b/registry/services',
    'http://[::1]:8500/registry/services',
  ]);
});

test('tries each address once, stays with the one that worked, and says why the last one did not', async () => {
  const addresses = new RegistryAddresses(urls('http://a', 'http://b', 'http://c'));
  const tried: string[] = [];
  const only = (alive: string) => (base: URL) => {
    tried.push(base.hostname);
    if (base.hostname === alive) return Promise.resolve(alive);
    return Promise.reject(Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED' }));
  };
  assert.equal(await addresses.tryInTurn(never, only('c')), 'c');
  assert.equal(await addresses.tryInTurn(never, only('c')), 'c');
  assert.equal(await addresses.tryInTurn(never, only('b')), 'b');
  assert.deepEqual(tried, ['a', 'b', 'c', 'c', 'c', 'a', 'b']);
  await assert.rejects(addresses.tryInTurn(never, only('none')), (error) => {
    assert.ok(isAppError(error));
    assert.equal(error.code, 'REGISTRY_UNAVAILABLE');
    assert.match(error.detail ?? '', /^http:\/\/a: nothing listens there/);
    return true;
  });
});

test('a refusal is not retried elsewhere, and a cancelled call ends with its reason', async () => {
  const addresses = new RegistryAddresses(urls('http://a', 'http://b'));
  let calls = 0;
  const refuse = (error: Error) => () => {
    calls += 1;
    return Promise.reject(error);
  };
  const no = new AppError('INVALID_REQUEST');
  await assert.rejects(addresses.tryInTurn(never, refuse(no)), no);
  const reason = new Error('stopped');
  await assert.rejects(addresses.tryInTurn(AbortSignal.abort(reason), refuse(new Error('aborted'))), reason);
  assert.equal(calls, 2);
});

test('several calls that find the same address away leave it once, and each tries every address', async () => {
  const addresses = new RegistryAddresses(urls('http://a', 'http://b'));
  const tried: string[] = [];
  const onlyB = async (base: URL): Promise<string> => {
    tried.push(base.hostname);
    await Promise.resolve();
    if (base.hostname === 'a') throw new Error('refused');
    return base.hostname;
  };
  const both = [addresses.tryInTurn(never, onlyB), addresses.tryInTurn(never, onlyB)];
  assert.deepEqual(await Promise.all(both), ['b', 'b']);
  await addresses.tryInTurn(never, onlyB);
  assert.deepEqual(tried, ['a', 'a', 'b', 'b', 'b']);
});
