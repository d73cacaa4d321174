import assert from 'node:assert/strict';
import { test } from 'node:test';
import { loadedFiles } from './loaded-files.ts';

test('the supervisor, which runs as long as the fleet, loads files of ours alone', async () => {
  const loaded = await loadedFiles(['apps/cli/src/main.ts', '--version']);
  assert.ok(loaded.length > 20, 'the hook does not work');
  assert.deepEqual(
    loaded.filter((url) => url.includes('/node_modules/')),
    [],
  );
});
