import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import type { Peer } from './peer.ts';

/**
 * Runs a client program to its end. It writes a line for every step, asks with the line `restart` for a restart of the
 * server, of which it is told with a line, and ends with the line `ok`. Resolves with the lines.
 */
export async function runClient(
  program: string,
  args: readonly string[],
  peer: Pick<Peer, 'restart'>,
  o: { cwd?: string; env?: Readonly<Record<string, string>>; timeoutMs?: number } = {},
): Promise<readonly string[]> {
  const child = spawn(program, args, {
    stdio: 'pipe',
    env: { ...process.env, ...o.env },
    timeout: o.timeoutMs ?? 90_000,
    ...(o.cwd === undefined ? {} : { cwd: o.cwd }),
  });
  const lines: string[] = [];
  let errors = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => (errors += text));
  child.stdin.on('error', () => undefined);
  const ended = new Promise<number | null>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', resolve);
  });
  for await (const line of createInterface(child.stdout)) {
    lines.push(line);
    if (line !== 'restart') continue;
    await peer.restart();
    child.stdin.write('restarted\n');
  }
  const code = await ended;
  assert.equal(code, 0, `it ended with ${code}:\n${lines.join('\n')}\n${errors}`);
  assert.equal(lines.at(-1), 'ok', `${lines.join('\n')}\n${errors}`);
  return lines;
}
