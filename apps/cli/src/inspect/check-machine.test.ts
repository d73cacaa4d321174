import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { test } from 'node:test';
import { checkDisk, checkNode, checkVersions } from './check-machine.ts';

test('a Node that cannot run the programs is a problem', () => {
  for (const version of ['v24.15.0', 'v24.21.0', 'v26.0.0']) assert.equal(checkNode(version).result, 'ok', version);
  for (const version of ['v24.14.9', 'v22.20.0']) assert.equal(checkNode(version).result, 'problem', version);
});

test('packages of different versions are a problem, and are named', () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'flotilla-test-'));
  const file = path.join(folder, 'flotilla.config.ts');
  const install = (name: string, version: string): void => {
    const place = path.join(folder, 'node_modules', '@flotilla', name);
    mkdirSync(place, { recursive: true });
    writeFileSync(path.join(place, 'package.json'), JSON.stringify({ name, version }));
  };
  install('kit', '1.0.0');
  assert.equal(checkVersions(file, '1.0.0').result, 'ok');
  install('gateway', '0.9.0');
  const { result, text } = checkVersions(file, '1.0.0');
  assert.equal(result, 'problem');
  assert.match(text, /@flotilla\/gateway 0\.9\.0/);
  rmSync(folder, { recursive: true });
});

test('a data folder that does not exist yet is checked at its parent', async () => {
  const [disk] = await checkDisk(path.join(tmpdir(), 'not', 'there', 'yet'));
  assert.equal(disk?.check, 'disk');
});
