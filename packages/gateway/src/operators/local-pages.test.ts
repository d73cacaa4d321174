import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { LocalRequest } from '../engine/local-response.ts';
import { localPages } from './local-pages.ts';

const [page] = localPages([{ method: 'GET', path: '/flotilla/routes', answer: () => ({ routes: [] }) }], 'en');

async function asked(changes: Partial<LocalRequest['head']>): Promise<unknown> {
  const head = { host: 'localhost:8080', remoteAddress: '127.0.0.1', headers: [], ...changes };
  // Nothing else is read.
  const request = { head, body: Buffer.alloc(0) } as unknown as LocalRequest;
  try {
    return (await page?.respond?.(request))?.status;
  } catch (error) {
    return error instanceof Error && 'code' in error ? error.code : error;
  }
}

test('pages for operators are for callers on this machine; to others there is nothing', async () => {
  for (const [expected, changes] of [
    [200, {}],
    [200, { host: '127.0.0.1:8080', remoteAddress: '::ffff:127.0.0.1' }],
    [200, { host: '[::1]:8080', remoteAddress: '::1' }],
    ['ROUTE_NOT_FOUND', { remoteAddress: '10.0.0.7' }],
    // A page whose name leads here.
    ['ROUTE_NOT_FOUND', { host: 'evil.example' }],
    // A proxy on this machine, for somebody elsewhere.
    ['ROUTE_NOT_FOUND', { headers: ['X-Forwarded-For', '203.0.113.7'] }],
    ['ROUTE_NOT_FOUND', { headers: ['Via', '1.1 nginx'] }],
  ] as const) {
    assert.equal(await asked(changes), expected, JSON.stringify(changes));
  }
});
