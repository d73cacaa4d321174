import assert from 'node:assert/strict';
import { test } from 'node:test';
import { loadedFiles } from './loaded-files.ts';

test('the supervisor, which runs as long as the fleet, loads only our own files', async () => {
  // What `flotilla up` loads when it is asked to, and the fleet's own file with what that imports.
  const parts = ['./apps/cli/src/up/up.ts', '@flotilla/fleet/config', '@flotilla/fleet/watch', './flotilla.config.ts'];
  const program = parts.map((part) => `await import('${part}');`).join(' ');
  const loaded = await loadedFiles(['--input-type=module', '-e', program]);
  assert.ok(loaded.some((url) => url.endsWith('/supervise/supervisor.ts')) && loaded.length > 80, 'not all is loaded');
  assert.deepEqual(
    loaded.filter((url) => url.includes('/node_modules/')),
    [],
  );
});
