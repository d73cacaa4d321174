import { fork } from 'node:child_process';
import type { PrimaryMessage, WorkerMessage } from './messages.ts';
import { readMessage } from './messages.ts';

/** How a process ended. */
export interface WorkerEnd {
  readonly code: number | null;
  readonly signal: string | null;
}

/** A worker as its primary sees it. */
export interface WorkerProcess {
  /** Unique during the primary's life. */
  readonly number: number;
  readonly pid: number | undefined;
  send(message: PrimaryMessage, socket?: SocketHandle): void;
  signal(signal: NodeJS.Signals): void;
}

/** Events of a worker. `ended` comes exactly once, and last. */
export interface WorkerListener {
  message(message: WorkerMessage, socket: SocketHandle | undefined): void;
  ended(end: WorkerEnd): void;
}

/** A second handle of a listening socket: keeps the socket open, and can be sent to other processes. */
export interface SocketHandle {
  close(): void;
}

/** Starts a worker. */
export type SpawnWorker = (number: number, listener: WorkerListener) => WorkerProcess;

/** The variable that makes a process a worker: `<number>:<instance seed>`. */
export const workerVariable = 'FLOTILLA_WORKER';

export interface ForkOptions {
  /** The program's file. */
  readonly file: string;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly instanceSeed: string;
}

/** Starts workers with this Node and its options. They write to the primary's own output. */
export function forkWorkers(options: ForkOptions): SpawnWorker {
  const { file, args, env, instanceSeed } = options;
  return (number, listener) => {
    const child = fork(file, [...args], {
      env: { ...env, [workerVariable]: `${number}:${instanceSeed}` },
      // With this serialization, numbers of every kind and arrays arrive unchanged.
      serialization: 'advanced',
    });
    let over = false;
    const ended = (end: WorkerEnd): void => {
      if (!over) listener.ended(end);
      over = true;
    };
    child.on('message', (value, socket) => {
      const message = readMessage<WorkerMessage>(value);
      // A handle that is not wrapped in a server arrives as it is, but Node has no type for it.
      if (message !== undefined) listener.message(message, socket as SocketHandle | undefined);
    });
    child.on('error', () => {
      if (child.pid === undefined) ended({ code: 1, signal: null });
    });
    child.on('exit', (code, signal) => ended({ code, signal }));
    return {
      number,
      pid: child.pid,
      send(message, socket) {
        // A worker that is exiting cannot be told anything; its exit follows.
        if (child.connected) child.send(message, socket as never, () => undefined);
      },
      signal: (signal) => void child.kill(signal),
    };
  };
}
