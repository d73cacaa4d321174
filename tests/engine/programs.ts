import { type ChildProcess, spawn } from 'node:child_process';
import { accessSync, constants, mkdtempSync, rmSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import type { TestContext } from 'node:test';
import { isUnavailable } from '@flotilla/conformance/registries';

/**
 * The path of a program, or undefined after skipping the test with the reason. Where all must be there
 * (`REQUIRE_ENGINES=1`, as in continuous integration) a missing one fails the test.
 */
export function programFor(t: TestContext, name: string): string | undefined {
  return programOnPath(name) ?? missing(t, `${name} is not installed`, name);
}

/** Skips the test with the reason, or fails it where all must be there and `name` can be had (`UNAVAILABLE_ENGINES`). */
export function missing(t: TestContext, why: string, name: string): undefined {
  if (process.env['REQUIRE_ENGINES'] === '1' && !isUnavailable(name)) throw new Error(why);
  t.skip(why);
}

/**
 * The path of a program on PATH, or where Debian and Go put programs though not everybody's PATH has it.
 *
 * @param others more folders to look in
 */
export function programOnPath(name: string, others: readonly string[] = []): string | undefined {
  const folders = [...(process.env['PATH'] ?? '').split(delimiter), '/usr/sbin', '/usr/local/go/bin', ...others];
  return folders.map((folder) => join(folder, name)).find(isProgram);
}

function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

export interface Finished {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a program to its end, at most so long. */
export function run(
  path: string,
  args: readonly string[],
  o: { input?: string; timeoutMs?: number; env?: NodeJS.ProcessEnv; cwd?: string } = {},
): Promise<Finished> {
  return new Promise((resolve, reject) => {
    const child = spawn(path, args, {
      env: { ...process.env, ...o.env },
      timeout: o.timeoutMs ?? 60_000,
      stdio: 'pipe',
      ...(o.cwd === undefined ? {} : { cwd: o.cwd }),
    });
    let [stdout, stderr] = ['', ''];
    child.stdout.on('data', (text: Buffer) => (stdout += text.toString('latin1')));
    child.stderr.on('data', (text: Buffer) => (stderr += text.toString('latin1')));
    child.on('error', reject);
    child.on('close', (status) => resolve({ status, stdout, stderr }));
    child.stdin.on('error', () => undefined);
    child.stdin.end(o.input ?? '');
  });
}

/** A program that runs until it is disposed of. */
export class Server implements AsyncDisposable {
  readonly #child: ChildProcess;
  #output = '';

  constructor(path: string, args: readonly string[], env: NodeJS.ProcessEnv = {}) {
    this.#child = spawn(path, args, { env: { ...process.env, ...env }, stdio: ['ignore', 'pipe', 'pipe'] });
    for (const stream of [this.#child.stdout, this.#child.stderr]) {
      stream?.on('data', (text: Buffer) => {
        this.#output += text.toString('latin1');
      });
    }
  }

  /** Resolves when it accepts connections on `port`; rejects with what it wrote when it ended before. */
  async accepting(port: number): Promise<void> {
    for (let tries = 0; tries < 500; tries++) {
      if (this.#child.exitCode !== null) throw new Error(`It ended: ${this.#output}`);
      if (await accepts(port)) return;
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    throw new Error(`It does not accept connections: ${this.#output}`);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    const closed = new Promise((resolve) => this.#child.once('close', resolve));
    this.#child.kill('SIGKILL');
    await closed;
  }
}

function accepts(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ port, host: '127.0.0.1' });
    socket.once('connect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => resolve(false));
  });
}

/** A folder that goes away with the test. */
export function temporaryFolder(t: TestContext): string {
  const folder = mkdtempSync(join(tmpdir(), 'flotilla-engine-'));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}
