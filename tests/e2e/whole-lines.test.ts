// All workers of a program write to one output. However slowly it is read, every line arrives whole.
import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { Agent, get } from 'node:http';
import { availableParallelism } from 'node:os';
import path from 'node:path';
import { test } from 'node:test';
import { readLogLine } from '@flotilla/kit/log-line';
import { freePort } from '@flotilla/testing';
import { eventually } from './support/eventually.ts';

const root = path.resolve(import.meta.dirname, '../..');
const entry = path.join(root, 'apps/gateway/src/main.ts');
/** Each makes a log line of some 900 bytes: more than a pipe or a socket holds, less than one worker would drop. */
const requests = 2_000;
const longPath = `/${'x'.repeat(400)}`;
const workers = Math.min(2, availableParallelism());

/** What the workers write to: a socket, as Node makes it for a child, or a pipe, as a shell and containers do. */
const outputs = {
  'a socket': [process.execPath, entry],
  'a pipe': ['sh', '-c', '"$0" "$1" | cat', process.execPath, entry],
} as const;

function startGateway([command, ...args]: readonly [string, ...string[]], port: number): ChildProcess {
  return spawn(command, args, {
    cwd: root,
    env: {
      PATH: process.env['PATH'],
      SERVER_HOST: '127.0.0.1',
      SERVER_PORT: String(port),
      MAX_WORKERS: '2',
      REGISTRY_URL: 'http://127.0.0.1:9',
    },
    stdio: ['ignore', 'pipe', 'ignore'],
    // A group of its own, so that all of it can be told to end.
    detached: true,
  });
}

/** Sends many requests, each on a new connection, so that every worker gets some. */
async function load(url: string): Promise<void> {
  const agent = new Agent({ maxSockets: 16 });
  let left = requests;
  const one = (): Promise<void> =>
    new Promise((resolve, reject) => {
      get(url, { agent }, (response) => response.resume().on('end', resolve)).on('error', reject);
    });
  const asker = async (): Promise<void> => {
    while (left-- > 0) await one();
  };
  await Promise.all(Array.from({ length: 16 }, asker));
}

for (const [what, command] of Object.entries(outputs)) {
  test(`the lines of two workers that write to ${what} stay intact when its reader falls behind`, async () => {
    const port = await freePort();
    const gateway = startGateway(command, port);
    const { stdout } = gateway;
    assert.ok(stdout);
    let text = '';
    stdout.setEncoding('utf8').on('data', (chunk: string) => {
      text += chunk;
    });
    try {
      await eventually('all workers listen', () => text.split('"msg":"listening"').length > workers);
      stdout.pause();
      await load(`http://127.0.0.1:${port}${longPath}`);
      stdout.resume();
      await eventually('every request has its line', () => text.split('\n').length > requests);
    } finally {
      const closed = once(gateway, 'close');
      process.kill(-(gateway.pid ?? 0), 'SIGTERM');
      await closed;
    }
    const torn = text.split('\n').filter((line) => line !== '' && readLogLine(line) === undefined);
    assert.deepEqual(torn, []);
    const writers = new Set(text.split('\n').map((line) => /"worker":(\d)/.exec(line)?.[1]));
    writers.delete(undefined);
    assert.equal(writers.size, workers);
  });
}
