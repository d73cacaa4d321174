// Real processes, of the kinds that people start: shells, programs that fork, that are deaf, that flood or say nothing.
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, type TestContext, test } from 'node:test';
import { type Clock, systemClock } from '@flotilla/contracts';
import { waitUntil } from '@flotilla/testing';
import { checkFleet } from '../config/check-fleet.ts';
import type { FleetEvent } from '../supervise/fleet-event.ts';
import { prepareFleet } from './prepare-fleet.ts';
import { RunningFleet } from './running-fleet.ts';

const node = process.execPath;

/** A program that knows nothing of us: serves `/health`, says who it is. */
const server = `
import { createServer } from 'node:http';
let well = true;
createServer((request, response) => {
  if (request.url === '/sick') well = false;
  response.statusCode = request.url === '/health' && !well ? 500 : 200;
  response.end(String(process.pid));
}).listen(Number(process.env.PORT), process.env.SERVER_HOST);
console.log('pid=' + process.pid);
process.on('SIGTERM', () => { console.log('asked'); process.exit(0); });
`;

/** A fleet of these programs, without ours, that is stopped at the end of the test. */
async function start(
  t: TestContext,
  programs: Readonly<Record<string, object>>,
  { clock = systemClock, registry }: { readonly clock?: Clock; readonly registry?: string } = {},
) {
  const root = mkdtempSync(path.join(tmpdir(), 'flotilla-run-'));
  writeFileSync(path.join(root, 'server.mjs'), server);
  const own = { find: () => undefined, exists: () => false };
  const checked = checkFleet({ registry: false, programs }, path.join(root, 'flotilla.config.ts'), own);
  if (!checked.ok) return assert.fail(checked.problems.join('\n'));
  const env = { PATH: process.env['PATH'], REGISTRY_URL: registry };
  const prepared = await prepareFleet({ fleet: checked.fleet, env, random: Math.random });
  if (!prepared.ok) return assert.fail(prepared.problems.join('\n'));
  const told: FleetEvent[] = [];
  const said = new Map<string, string>();
  const over = Promise.withResolvers<void>();
  const fleet = new RunningFleet({
    ...prepared,
    clock,
    hangLimitMs: 0,
    output: (name) => ({
      push: (chunk) => void said.set(name, `${said.get(name) ?? ''}${Buffer.from(chunk).toString()}`.slice(-100_000)),
      end: () => undefined,
    }),
    tell(event) {
      told.push(event);
      if (event.kind === 'all-stopped') over.resolve();
    },
  });
  const stop = async (): Promise<void> => {
    fleet.stopAll();
    await over.promise;
  };
  t.after(async () => {
    await stop();
    rmSync(root, { recursive: true, force: true });
  });
  fleet.startAll();
  const words = (name: string): string => said.get(name) ?? '';
  const state = (name: string): string => fleet.snapshot().find((each) => each.name === name)?.state.kind ?? 'none';
  return {
    fleet,
    told,
    words,
    state,
    stop,
    is: (name: string, kind: string) => waitUntil(`${name} is ${kind}`, () => state(name) === kind),
    says: (name: string, text: string) => waitUntil(`${name} says ${text}`, () => words(name).includes(text)),
    address: (name: string) => `http://127.0.0.1:${fleet.specs.find((spec) => spec.name === name)?.port}`,
    url: (name: string) => {
      const found = fleet.snapshot().find((each) => each.name === name)?.state;
      return found?.kind === 'ready' ? found.url : assert.fail(`${name} is not ready`);
    },
  };
}

function pidsIn(text: string): number[] {
  return [...text.matchAll(/pid=(\d+)/g)].map((match) => Number(match[1]));
}

function isAlive(pid: number | undefined): boolean {
  try {
    return process.kill(pid ?? Number.NaN, 0);
  } catch {
    return false;
  }
}

describe('a program without the Flotilla chassis', { skip: process.platform === 'win32' }, () => {
  test('gets its port, and is ready when its health path answers, or else its port', async (t) => {
    const fleet = await start(t, {
      asked: { command: [node, 'server.mjs'], port: 0, health: '/health' },
      connected: { command: [node, 'server.mjs'], port: 0 },
      worker: { command: ['sleep', '600'] },
      'not-well': { command: [node, 'server.mjs'], port: 0, health: { path: '/health', intervalMs: 50 } },
    });
    for (const name of ['asked', 'connected', 'worker']) await fleet.is(name, 'ready');
    assert.match(fleet.url('asked'), /^http:\/\/127\.0\.0\.1:\d+$/);
    assert.match(fleet.url('connected'), /^127\.0\.0\.1:\d+$/);
    assert.equal(await (await fetch(fleet.url('asked'))).text(), String(pidsIn(fleet.words('asked'))[0]));
  });

  test('is asked to stop together with all processes that its shell started, which get the time to finish', async (t) => {
    const slow = `trap 'sleep 0.3; echo finished; exit' TERM; echo pid=$$; while :; do sleep 0.05; done`;
    const fleet = await start(t, {
      // The shell itself ends at once.
      shell: { command: ['sh', '-c', `sh -c "${slow.replaceAll('$$', '\\$\\$')}" & wait`] },
    });
    await fleet.says('shell', 'pid=');
    await fleet.stop();
    assert.match(fleet.words('shell'), /finished/);
    await waitUntil('nothing is left', () => !pidsIn(fleet.words('shell')).some(isAlive));
  });

  test('that ignores SIGTERM is killed after its time limit, with everything that it started', async (t) => {
    const deaf = `trap '' TERM; echo pid=$$; (trap '' TERM; sleep 600) & echo pid=$!; while :; do sleep 0.05; done`;
    const fleet = await start(t, { deaf: { command: ['sh', '-c', deaf], stopLimitMs: 100 } });
    await waitUntil('both run', () => pidsIn(fleet.words('deaf')).length === 2);
    await fleet.stop();
    assert.deepEqual(
      fleet.told.map(({ kind }) => kind).filter((kind) => kind === 'overdue'),
      ['overdue'],
    );
    await waitUntil('nothing is left', () => !pidsIn(fleet.words('deaf')).some(isAlive));
  });

  test('that moves to the background and exits is restarted, and what it left is killed', async (t) => {
    const fork = `sleep 600 & echo pid=$!`;
    const fleet = await start(t, { fork: { command: ['sh', '-c', fork] } });
    await waitUntil('it was started again', () => pidsIn(fleet.words('fork')).length >= 2);
    const [first] = pidsIn(fleet.words('fork'));
    await waitUntil('the first is gone', () => !isAlive(first));
    const crashed = fleet.told.find((event) => event.kind === 'crashed');
    assert.equal(crashed?.end.code, 0);
  });

  test('that floods its output does not keep others from being watched and stopped', async (t) => {
    const fleet = await start(t, {
      flood: { command: ['yes', 'all work and no play'] },
      other: { command: [node, 'server.mjs'], port: 0, health: '/health' },
    });
    await fleet.is('other', 'ready');
    await fleet.says('flood', 'all work');
    await fleet.stop();
    assert.equal(fleet.state('flood'), 'stopped');
  });

  test('that ends at once without output is restarted at growing intervals, up to the limit if one is set', async (t) => {
    const fleet = await start(t, {
      mute: { command: ['false'], restart: { most: 2 } },
      other: { command: ['sleep', '600'] },
    });
    await fleet.is('mute', 'ended');
    const crashes = fleet.told.filter((event) => event.kind === 'crashed' && event.name === 'mute');
    assert.deepEqual(
      crashes.map((event) => event.kind === 'crashed' && event.restartInMs > 0),
      [false, true],
    );
    assert.deepEqual(fleet.fleet.snapshot()[0]?.restarts, 2);
  });

  test('that was signed off is asked to stop once nobody is on the way to it any more', async (t) => {
    const held: (() => void)[] = [];
    let stopping = false;
    const clock: Clock = {
      ...systemClock,
      after(delayMs, run) {
        if (!stopping || delayMs !== 100) return systemClock.after(delayMs, run);
        held.push(run);
        return { cancel: () => undefined };
      },
    };
    const program = { command: [node, 'server.mjs'], port: 0, health: '/health' };
    // Nobody listens there: what was never registered is signed off at once.
    const fleet = await start(t, { app: program }, { clock, registry: 'http://127.0.0.1:9' });
    await fleet.is('app', 'ready');
    stopping = true;
    fleet.fleet.stop('app');
    await waitUntil('it is signed off', () => held.length === 1);
    assert.equal((await fetch(fleet.address('app'))).status, 200, 'it answers as before');
    held[0]?.();
    await fleet.says('app', 'asked');
    await fleet.is('app', 'stopped');
  });

  test('that has vanished since the fleet was planned is reported, not retried for ever', async (t) => {
    const root = mkdtempSync(path.join(tmpdir(), 'flotilla-tool-'));
    const tool = path.join(root, 'tool');
    writeFileSync(tool, '#!/nowhere/interpreter\n', { mode: 0o755 });
    const fleet = await start(t, { tool: { command: [tool] } });
    await fleet.is('tool', 'misconfigured');
    assert.match(fleet.words('tool'), /cannot start: .*ENOENT/);
    rmSync(root, { recursive: true });
  });
});

describe('a running fleet', { skip: process.platform === 'win32' }, () => {
  test('starts programs once those they wait for are ready or finished, and stops them in reverse order', async (t) => {
    const fleet = await start(t, {
      app: { command: [node, 'server.mjs'], port: 0, health: '/health', after: ['migration', 'database'] },
      migration: { command: ['sh', '-c', 'sleep 0.1; echo done'], restart: 'never' },
      database: { command: [node, 'server.mjs'], port: 0 },
    });
    await fleet.is('app', 'ready');
    await fleet.stop();
    const order = fleet.told.flatMap((event) =>
      event.kind === 'started' || event.kind === 'ended' || event.kind === 'stopped'
        ? `${event.kind} ${event.name}`
        : [],
    );
    assert.ok(order.indexOf('ended migration') < order.indexOf('started app'), order.join());
    assert.ok(order.indexOf('stopped app') < order.indexOf('stopped database'), order.join());
  });

  test('can stop, start and restart one process, and add and remove instances', async (t) => {
    const { fleet, is, url, words } = await start(t, {
      app: { command: [node, 'server.mjs'], port: 0, health: '/health' },
    });
    await is('app', 'ready');
    assert.equal(await fleet.scale('app', 3), true);
    for (const name of ['app-2', 'app-3']) await is(name, 'ready');
    assert.equal(new Set(['app', 'app-2', 'app-3'].map(url)).size, 3);
    // Two terminals at once.
    await Promise.all([fleet.scale('app', 5), fleet.scale('app', 4), fleet.scale('app', 5)]);
    assert.equal(fleet.specs.length, 5);
    await fleet.scale('app', 1);
    await waitUntil('they are gone', () => fleet.snapshot().length === 1);
    assert.equal(fleet.restart('app'), true);
    await waitUntil('it is another process', () => pidsIn(words('app')).length === 2);
    await is('app', 'ready');
    fleet.stop('app');
    await is('app', 'stopped');
    fleet.start('app');
    await is('app', 'ready');
    assert.equal(fleet.stop('nobody'), false);
    assert.equal(await fleet.scale('nobody', 2), false);
  });
});
