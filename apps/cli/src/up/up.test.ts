import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { test } from 'node:test';
import { systemClock } from '@flotilla/contracts';
import { checkFleet } from '@flotilla/fleet/config';
import { waitUntil } from '@flotilla/testing';
import { up } from './up.ts';

/** Behaves as the real programs do towards their supervisor: serves, says when it is ready, stops when told to. */
const goodProgram = `
import { createServer } from 'node:http';
const server = createServer((request, response) => {
  if (request.url === '/crash') process.exit(1);
  response.end('ok');
});
server.listen(Number(process.env.SERVER_PORT), '127.0.0.1', () => {
  process.send({ type: 'ready', url: 'http://127.0.0.1:' + process.env.SERVER_PORT, instance: 'x' });
  process.send({ type: 'registered' });
});
process.on('SIGTERM', () => process.exit(0));
process.on('disconnect', () => process.exit(0));
console.log('pid=' + process.pid + ' port=' + process.env.SERVER_PORT);
`;
const misconfiguredProgram = `
process.stderr.write('SERVER_HOST: "nowhere" is not an address\\n');
process.exitCode = 78;
`;
const unloadableProgram = "import 'a-package-that-was-lost';";
const deafProgram = `${goodProgram}\nprocess.removeAllListeners('SIGTERM'); process.on('SIGTERM', () => {});`;

class Sink {
  text = '';
  write(text: string): void {
    this.text += text;
  }
}

/** Runs `up` with stand-ins for the programs named. */
function startFleet(sources: Readonly<Record<string, string>>) {
  const root = mkdtempSync(path.join(tmpdir(), 'flotilla-up-'));
  const programs: Record<string, object> = {};
  writeFileSync(path.join(root, 'package.json'), '{"type":"module"}');
  for (const [name, source] of Object.entries(sources)) {
    writeFileSync(path.join(root, `${name}.ts`), source);
    programs[name] = { run: `${name}.ts` };
  }
  const own = { find: () => undefined, exists: () => false };
  const checked = checkFleet({ registry: false, programs }, path.join(root, 'flotilla.config.ts'), own);
  if (!checked.ok) throw new Error(checked.problems.join());
  const { fleet } = checked;
  const stdout = new Sink();
  const stderr = new Sink();
  let stop = (_hurry: boolean): void => undefined;
  const exitCode = up(
    {
      fleet,
      only: fleet.programs,
      scale: new Map(),
      freePorts: true,
      dataFolder: undefined,
      hangLimitMs: 0,
      watch: false,
      verbose: false,
    },
    {
      env: { PATH: process.env['PATH'] },
      stdout,
      stderr,
      clock: systemClock,
      random: Math.random,
      startedMs: systemClock.monotonicMs(),
      version: '0.0.0',
      onStopRequest: (request) => {
        stop = request;
      },
    },
  );
  return {
    exitCode,
    stdout,
    stderr,
    stop: () => stop(false),
    clean: () => rmSync(root, { recursive: true, force: true }),
  };
}

function pidOf(text: string, occurrence = 0): number {
  return Number([...text.matchAll(/pid=(\d+)/g)][occurrence]?.[1] ?? assert.fail(text));
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

test('a fleet starts, shows its addresses, restarts what crashes and stops when asked', async () => {
  const fleet = startFleet({ 'user-service': goodProgram, 'order-service': goodProgram });
  await waitUntil('the output says so', () => fleet.stdout.text.includes('Ready after'));
  const urls = [...fleet.stdout.text.matchAll(/^ {2}\S+ +(http\S+)/gm)].map((match) => match[1]);
  assert.equal(urls.length, 2);
  await fetch(`${urls[0]}/crash`).catch(() => undefined);
  await waitUntil('the output says so', () => fleet.stdout.text.includes('user-service is ready again'));
  assert.match(fleet.stderr.text, /user-service crashed \(exit code 1\); restarting it\n/);
  fleet.stop();
  assert.equal(await fleet.exitCode, 0);
  for (const occurrence of [0, 1, 2]) assert.equal(isAlive(pidOf(fleet.stdout.text, occurrence)), false);
  fleet.clean();
});

test('a wrong configuration stops the fleet, and its message comes last', async () => {
  const fleet = startFleet({ 'user-service': misconfiguredProgram, 'order-service': goodProgram });
  assert.equal(await fleet.exitCode, 78);
  assert.match(fleet.stderr.text, /user-service cannot start.*\n\nSERVER_HOST: "nowhere" is not an address\n$/s);
  assert.doesNotMatch(fleet.stderr.text, /restarting it/);
  fleet.clean();
});

test('a process that leaves its group and keeps the output open does not block the restart of a dead program', async () => {
  const leaver = `${goodProgram}
import { spawn } from 'node:child_process';
const other = spawn(process.execPath, ['-e', 'setTimeout(() => {}, 8_000)'], { detached: true, stdio: ['ignore', 'inherit', 'inherit'] });
console.log('left=' + other.pid);`;
  const fleet = startFleet({ 'user-service': leaver });
  await waitUntil('the output says so', () => fleet.stdout.text.includes('Ready after'));
  process.kill(pidOf(fleet.stdout.text), 'SIGKILL');
  await waitUntil('the restart', () => fleet.stdout.text.includes('user-service is ready again'));
  fleet.stop();
  assert.equal(await fleet.exitCode, 0);
  for (const match of fleet.stdout.text.matchAll(/left=(\d+)/g)) process.kill(Number(match[1]), 'SIGKILL');
  fleet.clean();
});

test('a missing package stops the fleet with what to do, instead of a restart loop', async () => {
  const fleet = startFleet({ 'user-service': unloadableProgram, 'order-service': goodProgram });
  assert.equal(await fleet.exitCode, 78);
  assert.match(
    fleet.stderr.text,
    /Cannot find package 'a-package-that-was-lost'[^]*"npm ci" reinstalls everything\.\n$/,
  );
  assert.doesNotMatch(fleet.stderr.text, /restarting it/);
  fleet.clean();
});

test('a program that ignores SIGTERM is killed', async () => {
  const fleet = startFleet({ 'order-service': deafProgram });
  await waitUntil('the output says so', () => fleet.stdout.text.includes('Ready after'));
  fleet.stop();
  assert.equal(await fleet.exitCode, 0);
  assert.equal(isAlive(pidOf(fleet.stdout.text)), false);
  fleet.clean();
});

test('a program that keeps exiting with 0 gets one hint on how to run it', async () => {
  const fleet = startFleet({ quick: '' });
  await waitUntil('it was restarted some times', () => fleet.stderr.text.includes('restarting it in 0.2 s'));
  assert.equal(fleet.stderr.text.match(/right after its start/g)?.length, 1);
  fleet.stop();
  assert.equal(await fleet.exitCode, 0);
  fleet.clean();
});
