import assert from 'node:assert/strict';
import { test } from 'node:test';
import { loadedFiles } from './loaded-files.ts';

test('the registry client loads only itself, the contracts and zod', async () => {
  const script = `const { registrarFor } = await import('@flotilla/registry-client');
    registrarFor('http://127.0.0.1:8500', { logger: console });`;
  const loaded = await loadedFiles(['--input-type=module', '--eval', script]);
  const places = new Set(loaded.map((url) => /\/(packages\/[^/]+|node_modules\/[^/]+)\//.exec(url)?.[1] ?? url));
  assert.deepEqual([...places].sort(), ['node_modules/zod', 'packages/contracts', 'packages/registry-client']);
});
