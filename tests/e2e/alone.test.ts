// Each program also starts by itself, as `npm start -w apps/<program>`.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ask } from './support/ask.ts';
import { eventually } from './support/eventually.ts';
import { temporaryFolder } from './support/fleet.ts';
import { descendantsOf, stillRunning } from './support/processes.ts';
import { spawnCommand } from './support/spawned.ts';

const programs = ['service-registry', 'user-service', 'order-service', 'gateway'];

for (const program of programs) {
  // A service and the program with workers are stopped as by Ctrl-C, the others as by a plain kill.
  const byCtrlC = program === 'user-service' || program === 'gateway';
  test(`${program} runs alone through npm, and stops ${byCtrlC ? 'on Ctrl-C' : 'when npm is told to'}`, async () => {
    const data = temporaryFolder();
    // Nothing listens on port 1: no registry of this machine is touched.
    const npm = spawnCommand('npm', ['start', '-w', `apps/${program}`], {
      SERVER_PORT: '0',
      LOG_FORMAT: 'json',
      REGISTRY_URL: 'http://127.0.0.1:1',
      ...(program === 'gateway' ? {} : { DATABASE_URL: `sqlite:${data.folder}/${program}.db` }),
    });
    const [, url = ''] = await npm.says(/"url":"(http:[^"]+)"[^\n]*"msg":"listening"/);
    assert.equal((await ask(`${url}/health`)).status, 200);
    const family = descendantsOf(npm.pid);
    const below = family.map((each) => each.pid);
    if (byCtrlC) {
      // A terminal tells all that share npm's process group; the program leads one of its own.
      const bootstrap = family.find((each) => /^\S*node \S*bootstrap\.mjs run/.test(each.command));
      assert.ok(bootstrap);
      npm.child.kill('SIGINT');
      process.kill(bootstrap.pid, 'SIGINT');
    } else npm.child.kill('SIGTERM');
    await npm.ended;
    await eventually('nothing is left', () => stillRunning(below).length === 0);
    data.remove();
  });
}

test('a program prints its settings and where each comes from', async () => {
  for (const program of programs) {
    const printed = spawnCommand(process.execPath, [`apps/${program}/src/main.ts`, '--print-config'], {
      LOG_LEVEL: 'debug',
    });
    assert.equal((await printed.ended).code, 0, program);
    assert.match(printed.stdout(), /LOG_LEVEL\s+debug\s+env/, program);
    assert.match(printed.stdout(), /SERVER_PORT\s+\d+\s+default/, program);
  }
});
