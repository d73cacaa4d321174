import { type ChildProcess, type StdioOptions, spawn } from 'node:child_process';
import { Socket } from 'node:net';
import type { OutputSink } from './output-sink.ts';
import { hasGroups, signalGroup } from './process-group.ts';
import type { ProcessEnd } from './process-state.ts';

/** What to start, and what becomes of it. */
export interface ChildOptions {
  readonly command: string;
  readonly args: readonly string[];
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
  /** Whether it can talk to us. */
  readonly channel: boolean;
  readonly stdout: OutputSink;
  readonly stderr: OutputSink;
  /** Whether it keeps this process alive. */
  readonly keepsAlive: boolean;
  /** What becomes of what the program has started when the program itself ends. */
  readonly afterExit: () => Rest;
  /** Whether all of it has been killed, so that there is nothing to wait for. */
  readonly isKilled: () => boolean;
  /** Comes exactly once and last. */
  readonly exited: (end: ProcessEnd) => void;
}

/**
 * What becomes of what a program has started: `end`, it must neither live on nor hold the output open; `wait`, the program
 * counts as running until all of it has ended; `go-on`, it goes on by itself.
 */
export type Rest = 'end' | 'wait' | 'go-on';

/** How often it is looked whether anything is left. */
const restPollMs = 20;
/** How long what is left may go on once it has let go of the output. */
const closedRestMs = 500;
/** How long after its end a process's output may still arrive. */
const lastWordsMs = 1_000;

/**
 * Starts a process. It leads a process group of its own, so that a Ctrl-C in the terminal reaches it once and through us, and
 * what it starts can be ended with it.
 */
export function spawnChild(options: ChildOptions): ChildProcess {
  const stdio: StdioOptions = ['ignore', 'pipe', 'pipe', ...(options.channel ? (['ipc'] as const) : [])];
  const child = spawn(options.command, options.args, {
    cwd: options.cwd,
    env: options.env,
    detached: hasGroups,
    stdio,
    windowsHide: true,
  });
  if (!options.keepsAlive) release(child);
  let over = false;
  let closed = false;
  let waiting: NodeJS.Timeout | undefined;
  const exited = (end: ProcessEnd): void => {
    if (over) return;
    over = true;
    options.exited(end);
  };
  const closeOutput = (): void => {
    options.stdout.end();
    options.stderr.end();
  };
  child.on('error', (error) => {
    // Also a message that could not be sent, to a process that runs.
    if (child.pid !== undefined) return;
    options.stderr.push(Buffer.from(`cannot start: ${error.message}\n`));
    closeOutput();
    exited({ code: 1, signal: null, damaged: true });
  });
  child.stdout?.on('data', (chunk: Buffer) => options.stdout.push(chunk));
  child.stderr?.on('data', (chunk: Buffer) => options.stderr.push(chunk));
  child.on('exit', (code, signal) => {
    const end = (): void => {
      signalGroup(child, 'SIGKILL');
      // A process that left its group may still hold the output open; nobody can wait for that one.
      const limit = setTimeout(() => {
        child.stdout?.destroy();
        child.stderr?.destroy();
        closeOutput();
        exited({ code, signal });
      }, lastWordsMs);
      child.on('close', () => clearTimeout(limit));
    };
    const rest = options.afterExit();
    if (rest === 'go-on') return exited({ code, signal });
    if (rest === 'end') return end();
    let polls = 0;
    waiting = setInterval(() => {
      // Nobody holds the output any more: what is seen now may be dead already, and only be waiting for an init to take note.
      if (closed) polls += 1;
      if (!options.isKilled() && polls * restPollMs < closedRestMs && signalGroup(child, 0)) return;
      clearInterval(waiting);
      waiting = undefined;
      signalGroup(child, 'SIGKILL');
      if (closed) exited({ code, signal });
      else end();
    }, restPollMs);
  });
  // Not `exit`: its last words may still be in the pipes then.
  child.on('close', (code, signal) => {
    closed = true;
    closeOutput();
    if (waiting === undefined) exited({ code, signal });
  });
  return child;
}

/** Lets this process end although the child runs. */
function release(child: ChildProcess): void {
  child.unref();
  child.channel?.unref();
  // Pipes are sockets, which can be let go; their type does not say so.
  for (const stream of [child.stdout, child.stderr]) if (stream instanceof Socket) stream.unref();
}
