import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { test } from 'node:test';
import type { PlacedSpec } from '@flotilla/fleet/plan';
import { askSettings } from './ask-settings.ts';

test('a program that does not understand the question is reported with what to do', async (t) => {
  const folder = mkdtempSync(path.join(tmpdir(), 'flotilla-ask-'));
  t.after(() => rmSync(folder, { recursive: true }));
  const file = path.join(folder, 'main.mjs');
  writeFileSync(file, 'process.exitCode = 3;');
  const program = { name: 'mute', launch: { kind: 'node', file, args: [] }, health: undefined, folder };
  // Of a whole spec only these are looked at.
  assert.deepEqual(await askSettings({ program, env: {} } as unknown as PlacedSpec), {
    kind: 'wrong',
    code: 3,
    words:
      'mute ended without a word on its settings. If it is not built on @flotilla/kit, set "health" in flotilla.config.ts, so that nobody asks it',
  });
});
