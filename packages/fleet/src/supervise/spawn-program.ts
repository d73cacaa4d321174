import type { ChildProcess } from 'node:child_process';
import type { Launch } from '../config/fleet.ts';
import type { HeldSockets, SocketHandle } from './held-sockets.ts';
import type { OrphanGuard } from './orphan-guard.ts';
import type { OutputSink } from './output-sink.ts';
import { signalGroup } from './process-group.ts';
import { spawnChild } from './spawn-child.ts';
import type { ProcessListener, RunningProcess } from './supervised-process.ts';

/** What to start, and where its output goes. */
export interface SpawnOptions {
  readonly launch: Launch;
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
  readonly stdout: OutputSink;
  readonly stderr: OutputSink;
  /** The sockets of the process that ran before, and where this one's are kept. */
  readonly sockets: HeldSockets | undefined;
  /** Holds, as long as they run, what ends those that a program has left behind to finish their work. */
  readonly leftBehind: Set<() => void>;
  /** Ends the program if we are killed, where it can't notice that itself. */
  readonly guard: OrphanGuard;
  /** Whether a program of Node speaks on its channel, so that it also notices our end there. */
  readonly knowsUs: boolean;
  /** Whether the program keeps this process alive. */
  readonly keepsAlive: boolean;
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
/** How long workers whose primary has died may finish what they have begun, beside the new ones. */
const leftBehindMs = 15_000;

/** Starts a program; see {@link spawnChild}. */
export function spawnProgram(options: SpawnOptions, listener: ProcessListener): RunningProcess {
  return options.launch.kind === 'node'
    ? spawnNode(options, options.launch.file, options.launch.args, listener)
    : spawnCommand(options, options.launch.command, options.launch.args, listener);
}

/**
 * A program of Node gets an IPC channel: on it the program says when it is ready, and its end tells the program that we are
 * gone, however we went.
 */
function spawnNode(
  options: SpawnOptions,
  file: string,
  args: readonly string[],
  listener: ProcessListener,
): RunningProcess {
  const { sockets } = options;
  let hasWorkers = false;
  let over = false;
  const child = spawnChild({
    ...options,
    command: process.execPath,
    args: [...nodeOptions, file, ...args],
    env: { ...options.env, ...socketsOrder(sockets) },
    channel: true,
    // Its workers finish what they have begun, while those of its successor take new connections from the same sockets.
    afterExit: () => {
      if (!hasWorkers || (sockets?.all.length ?? 0) === 0) return 'end';
      leaveBehind(child, options.leftBehind);
      return 'go-on';
    },
    isKilled: () => false,
    exited(end) {
      over = true;
      options.guard.remove(child.pid);
      listener.exited(end);
    },
  });
  if (!options.knowsUs) options.guard.add(child.pid);
  if (sockets !== undefined) handOver(child, sockets);
  child.on('message', (message, handle) => {
    if (over) return;
    const { type, url, live, stopLimitMs, key, sockets: keys, hasWorkers: workers } = fieldsOf(message);
    // A handle that is not wrapped in a server arrives as it is; Node has no type for it.
    if (type === 'socket' && typeof key === 'string') sockets?.keep(key, handle as SocketHandle);
    if (type === 'ready' && Array.isArray(keys)) sockets?.keepOnly(keys);
    hasWorkers ||= workers === true;
    if (type === 'configured' && typeof stopLimitMs === 'number') {
      // It does know us, and may need longer for its end.
      options.guard.remove(child.pid);
      listener.configured(stopLimitMs);
    } else if (type === 'ready' && typeof url === 'string')
      listener.ready(url, typeof live === 'string' ? live : undefined);
    else if (type === 'registered') listener.registered();
  });
  return {
    pid: child.pid,
    terminate: () => void child.kill('SIGTERM'),
    kill: () => void signalGroup(child, 'SIGKILL'),
    reload: () => void child.kill('SIGHUP'),
  };
}

/**
 * A command may be a shell, or another program that starts the one that is meant: all of the group are asked to stop, and
 * all of it has the time for that.
 */
function spawnCommand(
  options: SpawnOptions,
  command: string,
  args: readonly string[],
  listener: ProcessListener,
): RunningProcess {
  let stopping = false;
  let killed = false;
  const child = spawnChild({
    ...options,
    command,
    args,
    channel: false,
    afterExit: () => (stopping ? 'wait' : 'end'),
    isKilled: () => killed,
    exited(end) {
      options.guard.remove(child.pid);
      listener.exited(end);
    },
  });
  options.guard.add(child.pid);
  return {
    pid: child.pid,
    terminate() {
      stopping = true;
      signalGroup(child, 'SIGTERM');
    },
    kill() {
      killed = true;
      signalGroup(child, 'SIGKILL');
    },
    reload: () => void signalGroup(child, 'SIGHUP'),
  };
}

function leaveBehind(child: ChildProcess, leftBehind: Set<() => void>): void {
  const kill = (): void => void signalGroup(child, 'SIGKILL');
  const limit = setTimeout(kill, leftBehindMs);
  leftBehind.add(kill);
  child.on('close', () => {
    clearTimeout(limit);
    leftBehind.delete(kill);
  });
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
