// Output that nobody reads costs lines, not memory and not answers.
import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { Agent, get } from 'node:http';
import path from 'node:path';
import { test } from 'node:test';
import { eventually } from './support/eventually.ts';
import { temporaryFolder, upArguments } from './support/fleet.ts';

const root = path.resolve(import.meta.dirname, '../..');
/** Each makes a log line of some 700 bytes, so together some 14 MiB: far more than may wait. */
const requests = 20_000;
const longPath = `/${'x'.repeat(400)}`;

interface Unread {
  readonly url: string;
  readonly child: ChildProcess;
}

/** Starts a command, reads its output until it says where it listens, and no more. */
async function startUnread(args: readonly string[], env: Readonly<Record<string, string>>): Promise<Unread> {
  const child = spawn(process.execPath, args, {
    cwd: root,
    env: { PATH: process.env['PATH'], ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let text = '';
  const read = (chunk: Buffer): void => {
    text += chunk.toString();
  };
  child.stdout.on('data', read);
  child.stderr.resume();
  const pattern = /user-service +(?:\S* )*?.*listening url=(http:\S+)|"url":"(http:[^"]+)","msg":"listening"/;
  await eventually('it listens', () => pattern.test(text));
  child.stdout.off('data', read).pause();
  const found = pattern.exec(text);
  return { child, url: found?.[1] ?? found?.[2] ?? '' };
}

/** Sends many requests and gives back the longest that an answer took. */
async function load(url: string): Promise<number> {
  const agent = new Agent({ keepAlive: true, maxSockets: 8 });
  let left = requests;
  let longestMs = 0;
  const one = (): Promise<void> =>
    new Promise((resolve, reject) => {
      const startedMs = performance.now();
      const sent = get(`${url}${longPath}`, { agent, timeout: 10_000 }, (response) => {
        response.resume().on('end', () => {
          longestMs = Math.max(longestMs, performance.now() - startedMs);
          resolve();
        });
      });
      sent.on('timeout', () => sent.destroy(new Error('no answer within 10 s')));
      sent.on('error', reject);
    });
  const worker = async (): Promise<void> => {
    while (left-- > 0) await one();
  };
  await Promise.all(Array.from({ length: 8 }, worker));
  agent.destroy();
  return longestMs;
}

/** What waits to be read, as far as the process has written it. */
async function readOn({ child }: Unread, until: RegExp): Promise<string> {
  let text = '';
  child.stdout?.on('data', (chunk: Buffer) => {
    text += chunk.toString();
  });
  child.stdout?.resume();
  await eventually(`it says ${until}`, () => until.test(text));
  return text;
}

function residentMiB(pid: number | undefined): number {
  return Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]) / 1024;
}

async function end({ child }: Unread): Promise<void> {
  const ended = once(child, 'exit');
  child.kill('SIGTERM');
  await ended;
}

for (const what of ['a program alone', 'a fleet'] as const) {
  test(`${what} drops lines that nobody reads, reports how many, and keeps answering`, async () => {
    const data = temporaryFolder();
    const alone = what === 'a program alone';
    const env: Record<string, string> = alone
      ? {
          SERVER_PORT: '0',
          GRPC_PORT: '0',
          SERVER_HOST: '127.0.0.1',
          DATABASE_URL: `sqlite:${path.join(data.folder, 'u.db')}`,
          REGISTRY_URL: 'http://127.0.0.1:9',
        }
      : {};
    const args = alone
      ? ['apps/user-service/src/main.ts']
      : [...upArguments, '--free-ports', '--data', data.folder, '--only', 'service-registry,user-service', '--verbose'];
    const unread = await startUnread(args, env);
    try {
      const longestMs = await load(unread.url);
      assert.ok(longestMs < 5_000, `an answer took ${longestMs} ms`);
      if (process.platform === 'linux') assert.ok(residentMiB(unread.child.pid) < 250, 'its memory is bounded');
      const text = await readOn(
        unread,
        alone ? /"lines":\d+,"msg":"the output was not read/ : /output was not read .* \d+ lines were dropped/,
      );
      const dropped = Number(/"lines":(\d+),"msg":"the output/.exec(text)?.[1] ?? /; (\d+) lines were/.exec(text)?.[1]);
      const kept = text.split('\n').filter((line) => line.includes(longPath.slice(1))).length;
      assert.ok(dropped > requests / 2, `${dropped} of ${requests} lines were dropped`);
      assert.ok(kept > 1_000 && kept < requests / 2, `${kept} lines were kept`);
      assert.ok(Buffer.byteLength(text) < 5 * 1024 * 1024);
    } finally {
      await end(unread);
      data.remove();
    }
  });
}
