import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createHealth } from '@flotilla/kit/health';
import type { LocalRequest } from '../engine/local-response.ts';
import { localRoutes } from './local-routes.ts';

async function answers(addresses: 'all' | 'callers', query = ''): Promise<Readonly<Record<string, string>>> {
  const health = createHealth();
  health.setState('ready');
  const render = () => ({ contentType: 'text/plain', body: 'metrics' });
  const shown: Record<string, string> = {};
  for (const { path, respond } of localRoutes({ health, render, addresses, pages: [] })) {
    // Nothing but the head is read.
    const request = { head: { target: `${path}${query}`, headers: [] } } as unknown as LocalRequest;
    if (respond === undefined) shown[path] = 'nothing';
    else {
      const { status, body } = await respond(request);
      shown[path] = `${status} ${String(body).split('\n')[0]}`;
    }
  }
  return shown;
}

test('the paths for operators are on the main port if there is no port for operators', async () => {
  const all = await answers('all', '?verbose');
  assert.deepEqual([all['/livez'], all['/readyz'], all['/metrics']], ['200 [+]process ok', '200 ok', '200 metrics']);
  const callers = await answers('callers', '?verbose');
  // Taken all the same: a route for every path must not lead to what the services show at theirs.
  assert.deepEqual([callers['/livez'], callers['/readyz'], callers['/metrics']], ['200 ok', 'nothing', 'nothing']);
  for (const path of ['/health', '/ready']) assert.match(callers[path] ?? '', /^200 /, path);
});
