import { type ChildProcess, spawn } from 'node:child_process';
import type { HeldSockets, SocketHandle } from './held-sockets.ts';
import type { ProcessEnd } from './process-state.ts';
import type { ProcessListener, RunningProcess } from './supervisor.ts';

/** What to start, and where its output goes. */
export interface SpawnOptions {
  readonly file: string;
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
  readonly stdout: { push(chunk: Uint8Array): void; end(): void };
  readonly stderr: { push(chunk: Uint8Array): void; end(): void };
  /** The sockets of the process that ran before, and where this one's are kept. */
  readonly sockets: HeldSockets | undefined;
  /** Holds, as long as they run, what ends those that a program has left behind to finish their work. */
  readonly leftBehind: Set<() => void>;
}

/**
 * Options for Node itself; `npm start -w apps/…` uses the same (see scripts/bootstrap.mjs). A small young generation keeps
 * the memory of an idle service low. The only WebAssembly here is what strips the types at a first start: compiling that
 * without optimizing it saves 12 MB and some 100 ms. Code of V8's middle compiler takes 6 MB more than it is worth: what is
 * hot is optimized all the same, and a request costs the gateway no more without it.
 */
const nodeOptions = ['--max-semi-space-size=4', '--liftoff-only', '--no-sparkplug'];

/** Tells a program that its sockets are kept, and whether those of its predecessor follow: connections may wait in them. */
const socketsVariable = 'FLOTILLA_SOCKETS';
/** How long after its end a process's output may still arrive. */
const lastWordsMs = 1_000;
/** How long workers whose primary has died may finish what they have begun, beside the new ones. */
const leftBehindMs = 15_000;

/**
 * Starts a program with this Node. It leads a process group of its own, so that a Ctrl-C in the terminal reaches it
 * once and through us. It gets an IPC channel: on it the program says when it is ready, and its end tells the program
 * that we are gone, however we went.
 */
export function spawnProgram(options: SpawnOptions, listener: ProcessListener): RunningProcess {
  const ownGroup = process.platform !== 'win32';
  const child = spawn(process.execPath, [...nodeOptions, options.file], {
    cwd: options.cwd,
    env: { ...options.env, ...socketsOrder(options.sockets) },
    detached: ownGroup,
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  });
  const killGroup = (): void => {
    try {
      // What it started is only reached through its group, and no other call ends a group.
      // oxlint-disable-next-line no-restricted-properties
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
    listener.exited(end);
  };
  const closeOutput = (): void => {
    options.stdout.end();
    options.stderr.end();
  };
  let hasWorkers = false;
  if (options.sockets !== undefined) handOver(child, options.sockets);
  child.on('message', (message, handle) => {
    if (over) return;
    const { type, url, live, stopLimitMs, key, sockets, hasWorkers: workers } = fieldsOf(message);
    // A handle that is not wrapped in a server arrives as it is; Node has no type for it.
    if (type === 'socket' && typeof key === 'string') options.sockets?.keep(key, handle as SocketHandle);
    if (type === 'ready' && Array.isArray(sockets)) options.sockets?.keepOnly(sockets);
    hasWorkers ||= workers === true;
    if (type === 'configured' && typeof stopLimitMs === 'number') listener.configured(stopLimitMs);
    else if (type === 'ready' && typeof url === 'string')
      listener.ready(url, typeof live === 'string' ? live : undefined);
    else if (type === 'registered') listener.registered();
  });
  child.on('error', (error) => {
    options.stderr.push(Buffer.from(`could not be started: ${error.message}\n`));
    if (child.pid !== undefined) return;
    closeOutput();
    exited({ code: 1, signal: null });
  });
  child.stdout?.on('data', (chunk: Buffer) => options.stdout.push(chunk));
  child.stderr?.on('data', (chunk: Buffer) => options.stderr.push(chunk));
  child.on('exit', (code, signal) => {
    if (hasWorkers && (options.sockets?.all.length ?? 0) > 0) {
      // Its workers finish what they have begun, while those of its successor take new connections from the same sockets.
      const limit = setTimeout(killGroup, leftBehindMs);
      options.leftBehind.add(killGroup);
      child.on('close', () => {
        clearTimeout(limit);
        options.leftBehind.delete(killGroup);
      });
      exited({ code, signal });
      return;
    }
    // What it started itself, if anything, must neither live on nor hold the output open.
    killGroup();
    // A process that left its group may still hold the output open; nobody can wait for that one.
    const limit = setTimeout(() => {
      child.stdout?.destroy();
      child.stderr?.destroy();
      closeOutput();
      exited({ code, signal });
    }, lastWordsMs);
    child.on('close', () => clearTimeout(limit));
  });
  // Not `exit`: its last words may still be in the pipes then.
  child.on('close', (code, signal) => {
    closeOutput();
    exited({ code, signal });
  });
  return { pid: child.pid, terminate: () => void child.kill('SIGTERM'), kill: killGroup };
}

function handOver(child: ChildProcess, sockets: HeldSockets): void {
  // A process that is gone already can't be told anything: its exit says the rest.
  const ignore = (): void => undefined;
  for (const [key, socket] of sockets.all) child.send({ type: 'socket', key }, socket as never, ignore);
  if (sockets.all.length > 0) child.send({ type: 'sockets-complete' }, ignore);
}

function socketsOrder(sockets: HeldSockets | undefined): Record<string, string> {
  if (sockets === undefined) return {};
  return { [socketsVariable]: sockets.all.length > 0 ? 'take' : 'keep' };
}

type MessageField = 'type' | 'url' | 'live' | 'stopLimitMs' | 'key' | 'sockets' | 'hasWorkers';

/**
 * What a program says: `{ type: 'configured', stopLimitMs }` when it has read its settings, `{ type: 'ready', url, live }`
 * when it serves, `{ type: 'registered' }` when others can find it. Where its sockets are kept
 * it says `{ type: 'socket', key }` with a handle beside it, and with `ready` the keys of the `sockets` that it listens on,
 * and whether it `hasWorkers`, who outlive it.
 */
function fieldsOf(message: unknown): Readonly<Partial<Record<MessageField, unknown>>> {
  return typeof message === 'object' && message !== null ? message : {};
}
