import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { waitUntil } from '../wait-until.ts';
import { Program, spawnProgram } from './program.ts';

const serving = `
process.send({ type: 'ready', url: 'http://127.0.0.1:1' });
console.log('run', process.env.WHO, Object.keys(process.env).length < 3);
process.on('disconnect', () => process.exit());
`;

async function withEntry(source: string, run: (entry: string) => Promise<void>): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'flotilla-program-'));
  try {
    const entry = join(folder, 'main.mjs');
    await writeFile(entry, source);
    await run(entry);
  } finally {
    await rm(folder, { recursive: true });
  }
}

test('waits until the program is ready, kills it, restarts it, and inherits nothing', () =>
  withEntry(serving, async (entry) => {
    await using program = await spawnProgram({ entry, env: { WHO: 'me' } });
    assert.equal(program.url, 'http://127.0.0.1:1');
    const first = program.pid;
    await waitUntil('it has written', () => program.stdout.includes('run'));
    assert.deepEqual(await program.kill(), { code: null, signal: 'SIGKILL' });
    assert.equal(program.isRunning, false);
    await program.start();
    assert.notEqual(program.pid, first);
    await waitUntil('it has written again', () => program.stdout === 'run me true\nrun me true\n');
  }));

test('a program that ends before it is ready rejects with its output', () =>
  withEntry(`console.error('SERVER_PORT is not a number'); process.exitCode = 78;`, async (entry) => {
    await assert.rejects(spawnProgram({ entry }), /ended with 78; it wrote:\nSERVER_PORT is not a number/);
    const program = new Program({ entry });
    program.launch();
    assert.deepEqual(await program.exited, { code: 78, signal: null });
  }));
