import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { test } from 'node:test';
import { Given } from '../arguments/given.ts';
import { allRunning, NotRunning } from './find-running.ts';

test('a fleet file that is not there is told, and a folder stands for the project in it', async (t) => {
  const folder = mkdtempSync(path.join(tmpdir(), 'flotilla-find-'));
  t.after(() => rmSync(folder, { recursive: true }));
  writeFileSync(path.join(folder, 'own.config.ts'), '');
  const told = async (config: string): Promise<string> => {
    const given = new Given([], new Map([['--config', [config]]]));
    const error = await allRunning(given, { cwd: folder, version: '1' }).catch((reason: unknown) => reason);
    return error instanceof NotRunning ? `${error.exitCode} ${error.message}` : assert.fail(String(error));
  };
  assert.equal(await told('gone.ts'), `78 Cannot find the file ${path.join(folder, 'gone.ts')}.`);
  const none = `69 No fleet is running in ${folder}. Start it: flotilla up`;
  assert.equal(await told('own.config.ts'), none);
  assert.equal(await told('.'), none);
});
