import { spawn } from 'node:child_process';
import type { ProcessEnd } from './process-state.ts';
import type { ProcessListener, RunningProcess } from './supervisor.ts';

/** What to start, and where its output goes. */
export interface SpawnOptions {
  readonly file: string;
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
  readonly stdout: { push(chunk: Uint8Array): void; end(): void };
  readonly stderr: { push(chunk: Uint8Array): void; end(): void };
}

/**
 * Options for Node itself; `npm start -w apps/…` uses the same (see scripts/bootstrap.mjs). A small young generation keeps
 * the memory of an idle service low. The only WebAssembly here is what strips the types at a first start: compiling that
 * without optimizing it saves 12 MB and some 100 ms. Code of V8's middle compiler takes 6 MB more than it is worth: what is
 * hot is optimized all the same, and a request costs the gateway no more without it.
 */
const nodeOptions = ['--max-semi-space-size=4', '--liftoff-only', '--no-sparkplug'];

/** How long after its end a process's output may still arrive. */
const lastWordsMs = 1_000;

/**
 * Starts a program with this Node. It leads a process group of its own, so that a Ctrl-C in the terminal reaches it
 * once and through us. It gets an IPC channel: on it the program says when it is ready, and its end tells the program
 * that we are gone, however we went.
 */
export function spawnProgram(options: SpawnOptions, listener: ProcessListener): RunningProcess {
  const ownGroup = process.platform !== 'win32';
  const child = spawn(process.execPath, [...nodeOptions, options.file], {
    cwd: options.cwd,
    env: options.env,
    detached: ownGroup,
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  });
  const killGroup = (): void => {
    try {
      if (ownGroup && child.pid !== undefined) process.kill(-child.pid, 'SIGKILL');
      else child.kill('SIGKILL');
    } catch {
      // ESRCH: nothing of it is left, which is what was wanted.
    }
  };

  let over = false;
  const exited = (end: ProcessEnd): void => {
    if (over) return;
    over = true;
    options.stdout.end();
    options.stderr.end();
    listener.exited(end);
  };
  child.on('message', (message) => {
    if (over) return;
    const { type, url, live, stopLimitMs } = fieldsOf(message);
    if (type === 'configured' && typeof stopLimitMs === 'number') listener.configured(stopLimitMs);
    else if (type === 'ready' && typeof url === 'string')
      listener.ready(url, typeof live === 'string' ? live : undefined);
    else if (type === 'registered') listener.registered();
  });
  child.on('error', (error) => {
    options.stderr.push(Buffer.from(`could not be started: ${error.message}\n`));
    if (child.pid === undefined) exited({ code: 1, signal: null });
  });
  child.stdout?.on('data', (chunk: Buffer) => options.stdout.push(chunk));
  child.stderr?.on('data', (chunk: Buffer) => options.stderr.push(chunk));
  // What it started itself, if anything, must neither live on nor hold the output open.
  child.on('exit', (code, signal) => {
    killGroup();
    // A process that left its group may still hold the output open; nobody can wait for that one.
    const limit = setTimeout(() => {
      child.stdout?.destroy();
      child.stderr?.destroy();
      exited({ code, signal });
    }, lastWordsMs);
    child.on('close', () => clearTimeout(limit));
  });
  // Not `exit`: its last words may still be in the pipes then.
  child.on('close', (code, signal) => exited({ code, signal }));
  return { pid: child.pid, terminate: () => void child.kill('SIGTERM'), kill: killGroup };
}

/**
 * What a program says: `{ type: 'configured', stopLimitMs }` when it has read its settings, `{ type: 'ready', url, live }`
 * when it serves, `{ type: 'registered' }` when others can find it.
 */
function fieldsOf(message: unknown): Readonly<Partial<Record<'type' | 'url' | 'live' | 'stopLimitMs', unknown>>> {
  return typeof message === 'object' && message !== null ? message : {};
}
