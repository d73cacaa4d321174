// The fleet of `examples/`, as a user starts it: programs in three languages under one supervisor.
import assert from 'node:assert/strict';
import path from 'node:path';
import { test } from 'node:test';
import { isDeepStrictEqual } from 'node:util';
import { ask } from '../e2e/support/ask.ts';
import { eventually } from '../e2e/support/eventually.ts';
import { descendantsOf, stillRunning } from '../e2e/support/processes.ts';
import { spawnCommand } from '../e2e/support/spawned.ts';
import { programFor, temporaryFolder } from '../engine/programs.ts';
import { currentGo } from './current-go.ts';

test('flotilla up runs services in Go, Python and JavaScript, restarts those that die, and leaves nothing behind', async (t) => {
  const go = currentGo(t);
  const python = programFor(t, 'python3');
  if (go === undefined || python === undefined) return;
  const folders = [process.execPath, go, python].map((program) => path.dirname(program));
  const args = ['apps/cli/src/main.ts', 'up', '--config', 'examples/flotilla.config.ts', '--free-ports'];
  const up = spawnCommand(process.execPath, [...args, '--data', temporaryFolder(t)], {
    PATH: [...new Set(folders), process.env['PATH']].join(path.delimiter),
    PYTHONDONTWRITEBYTECODE: '1',
    GOPROXY: 'off',
  });
  t.after(async () => {
    up.child.kill('SIGTERM');
    await up.ended;
  });
  await up.says(/Ctrl-C stops everything/);
  const gateway = /^ {2}gateway +(http:\S+)$/m.exec(up.stdout())?.[1] ?? '';
  const offer = {
    stock: { article: 'apple', available: 120 },
    price: { article: 'apple', price: '0.40', currency: 'EUR' },
    delivery: { article: 'apple', days: 1 },
  };
  const isWhole = async (): Promise<boolean> => {
    return isDeepStrictEqual((await ask(`${gateway}/offers/apple`)).json, offer);
  };
  await eventually('an offer has a part from each', isWhole);

  for (const name of ['stock-service', 'main.py', 'main.mjs']) {
    const ran = descendantsOf(up.pid).find(({ command }) => new RegExp(`${RegExp.escape(name)}$`).test(command));
    assert.ok(ran !== undefined, `${name} runs`);
    process.kill(ran.pid, 'SIGKILL');
    await eventually(`${name} is noticed to be gone`, () => stillRunning([ran.pid]).length === 0);
    await eventually(`${name} serves again`, isWhole);
  }

  const all = descendantsOf(up.pid).map(({ pid }) => pid);
  up.child.kill('SIGTERM');
  assert.equal((await up.ended).code, 0, up.stdout() + up.stderr());
  assert.deepEqual(stillRunning(all), []);
});
