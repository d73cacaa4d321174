import assert from 'node:assert/strict';
import { test } from 'node:test';
import { loadedFiles } from './loaded-files.ts';

test('a test that needs no more than a clock loads no schemas, no fleet and no server of ours', async () => {
  const loaded = await loadedFiles(['--input-type=module', '--eval', "await import('@flotilla/testing');"]);
  const places = new Set(loaded.map((url) => /\/(packages\/[^/]+|node_modules\/[^/]+)\//.exec(url)?.[1] ?? url));
  assert.deepEqual([...places].sort(), ['packages/contracts', 'packages/testing']);
  const contracts = loaded.filter((url) => url.includes('/packages/contracts/'));
  assert.deepEqual(
    contracts.map((url) => url.slice(url.lastIndexOf('/') + 1)),
    ['clock.ts'],
  );
});
