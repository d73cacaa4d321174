// What was begun is finished: a stop takes as long as the programs' settings say, and a second one ends it.
import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { ask } from './support/ask.ts';
import { eventually } from './support/eventually.ts';
import { startFleet, temporaryFolder } from './support/fleet.ts';
import { descendantsOf, stillRunning } from './support/processes.ts';
import { beginSlowRequest } from './support/slow-request.ts';
import { spawnCommand } from './support/spawned.ts';

const part = ['--only', 'service-registry,user-service'];
/** What the supervisor says once it is only waiting; well beyond anything it used to wait for. */
const waiting = /waiting for user-service.*to finish/;

test('a request in progress is answered when the fleet stops, with default settings', async () => {
  await using fleet = await startFleet({ args: part });
  const slow = await beginSlowRequest(fleet.url('user-service'));
  await ask(`${fleet.url('user-service')}/health`); // Its turn comes after the head of the slow one.
  fleet.process.child.kill('SIGTERM');
  await fleet.process.says(waiting);
  slow.finish();
  assert.equal(await slow.outcome, 201);
  assert.deepEqual(await fleet.process.ended, { code: 0, signal: null });
  assert.doesNotMatch(fleet.process.stderr(), /killing it/);
});

for (const where of ['environment', 'file'] as const) {
  test(`DRAIN_TIMEOUT_MS of one program, in its ${where}, limits a request in progress`, async () => {
    const config = temporaryFolder();
    const file = path.join(config.folder, 'user-service.json');
    writeFileSync(file, JSON.stringify({ DRAIN_TIMEOUT_MS: '100ms' }));
    const env: Record<string, string> =
      where === 'file' ? { USER_SERVICE__CONFIG_FILE: file } : { USER_SERVICE__DRAIN_TIMEOUT_MS: '100' };
    await using fleet = await startFleet({ args: part, env });
    const slow = await beginSlowRequest(fleet.url('user-service'));
    await ask(`${fleet.url('user-service')}/health`);
    fleet.process.child.kill('SIGTERM');
    assert.equal(await slow.outcome, 'ECONNRESET');
    assert.deepEqual(await fleet.process.ended, { code: 0, signal: null });
    assert.match(fleet.process.stdout(), /took too long|shutdown step failed/, 'the program itself gave up');
    config.remove();
  });
}

test('a second Ctrl-C ends at once what the first one waits for, with another exit code', async () => {
  await using fleet = await startFleet({ args: part });
  const pids = descendantsOf(fleet.process.pid).map((each) => each.pid);
  const slow = await beginSlowRequest(fleet.url('user-service'));
  await ask(`${fleet.url('user-service')}/health`);
  fleet.process.child.kill('SIGINT');
  await fleet.process.says(waiting);
  fleet.process.child.kill('SIGINT');
  assert.equal(await slow.outcome, 'ECONNRESET');
  assert.deepEqual(await fleet.process.ended, { code: 1, signal: null });
  assert.deepEqual(stillRunning(pids), []);
});

/** One service alone, on a free port. */
async function startAlone(env: Readonly<Record<string, string>>) {
  const data = temporaryFolder();
  const alone = spawnCommand(process.execPath, ['apps/user-service/src/main.ts'], {
    DATABASE_URL: `sqlite:${path.join(data.folder, 'users.db')}`,
    SERVER_PORT: '0',
    SERVER_HOST: '127.0.0.1',
    REGISTRY_URL: 'http://127.0.0.1:9',
    LOG_FORMAT: 'json',
    ...env,
  });
  const [, url = ''] = await alone.says(/"url":"(http:[^"]+)"/);
  return { alone, url, remove: data.remove };
}

test('SIGHUP stops a program that runs alone, as SIGTERM does', async () => {
  const { alone, url, remove } = await startAlone({});
  const slow = await beginSlowRequest(url);
  await ask(`${url}/health`);
  alone.child.kill('SIGHUP');
  await alone.says(/"reason":"SIGHUP"/);
  slow.finish();
  assert.equal(await slow.outcome, 201);
  assert.deepEqual(await alone.ended, { code: 0, signal: null });
  remove();
});

test('with SHUTDOWN_DELAY_MS, new requests are served after SIGTERM while /ready fails', async () => {
  const { alone, url, remove } = await startAlone({ SHUTDOWN_DELAY_MS: '1500' });
  await eventually('it is ready', async () => (await ask(`${url}/ready`)).status === 200);
  alone.child.kill('SIGTERM');
  await eventually('it is not ready any more', async () => (await ask(`${url}/ready`)).status === 503);
  assert.equal((await ask(`${url}/users`)).status, 200);
  assert.deepEqual(await alone.ended, { code: 0, signal: null });
  remove();
});
