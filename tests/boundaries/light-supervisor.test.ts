import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { test } from 'node:test';
import { promisify } from 'node:util';
import { repository } from '../docs/documents.ts';

/** Says on stderr which file each module comes from. */
const tellLoaded = `import { registerHooks } from 'node:module';
import { writeSync } from 'node:fs';
registerHooks({ load(url, context, next) { writeSync(2, url + '\\n'); return next(url, context); } });`;

test('the supervisor, which runs as long as the fleet, loads files of ours alone', async () => {
  const hook = `data:text/javascript,${encodeURIComponent(tellLoaded)}`;
  const { stderr } = await promisify(execFile)(
    process.execPath,
    ['--import', hook, 'apps/cli/src/main.ts', '--version'],
    { cwd: repository },
  );
  const loaded = stderr.split('\n').filter((url) => url.startsWith('file:'));
  assert.ok(loaded.length > 20, 'the hook does not work');
  assert.deepEqual(
    loaded.filter((url) => url.includes('/node_modules/')),
    [],
  );
});
