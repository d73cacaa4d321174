import { spawn } from 'node:child_process';
import { closeSync, openSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { processTree } from '../measure/process-figures.ts';
import type { Launch } from '../proxies/proxy-kind.ts';

/** How long a process may take to end by itself once it is told to. */
const stopMs = 3_000;

export interface Started {
  readonly pid: number;
  /** False once it has ended. */
  readonly running: boolean;
  /** Its exit code; null when a signal ended it or it could not be started. */
  readonly ended: Promise<number | null>;
  /** All it has said, on both of its streams. */
  output(): string;
  /** Ends it and all it has started; waits until they are gone. */
  stop(): Promise<void>;
}

/** Every process that the benchmark starts, so that none outlives it. */
export class Processes {
  readonly #folder: string;
  readonly #alive = new Map<number, () => Promise<void>>();
  #count = 0;

  constructor(folder: string) {
    this.#folder = folder;
    // What is left when an error ends the run; otherwise nothing is.
    process.once('exit', () => this.#killAll());
  }

  /** Starts a program that may use only these cores (a list such as `0,1`). */
  start(cores: string, launch: Launch): Started {
    this.#count += 1;
    const log = path.join(this.#folder, `output-${this.#count}.log`);
    const file = openSync(log, 'w');
    const child = spawn('taskset', ['-c', cores, launch.command, ...launch.args], {
      env: { ...process.env, ...launch.env },
      stdio: ['ignore', file, file],
    });
    closeSync(file);
    const pid = child.pid ?? 0;
    const ended = new Promise<number | null>((resolve) => {
      child.once('close', (code) => {
        this.#alive.delete(pid);
        resolve(code);
      });
      child.once('error', () => resolve(null));
    });
    const stop = async (): Promise<void> => {
      const tree = processTree(pid);
      child.kill('SIGTERM');
      await Promise.race([ended, sleep(stopMs, undefined, { ref: false })]);
      for (const each of tree.filter((one) => processTree(one).length > 0)) kill(each);
      await ended;
    };
    this.#alive.set(pid, stop);
    return {
      pid,
      get running() {
        return child.exitCode === null && child.signalCode === null;
      },
      ended,
      output: () => readFileSync(log, 'utf8'),
      stop,
    };
  }

  /** Runs a program to its end and returns what it said. Rejects when it fails or takes longer than `timeoutMs`. */
  async run(cores: string, launch: Launch, timeoutMs: number): Promise<string> {
    const started = this.start(cores, launch);
    const late = new AbortController();
    const code = await Promise.race([
      started.ended,
      sleep(timeoutMs, 'no end in time' as const, { signal: late.signal }),
    ]);
    if (code === 'no end in time') await started.stop();
    late.abort();
    if (code !== 0) throw new Error(`${launch.command} failed (${String(code)}): ${started.output().slice(-2_000)}`);
    return started.output();
  }

  async stopAll(): Promise<void> {
    await Promise.all([...this.#alive.values()].map((stop) => stop()));
  }

  #killAll(): void {
    for (const pid of [...this.#alive.keys()].flatMap(processTree)) kill(pid);
  }
}

function kill(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It ended by itself meanwhile.
  }
}
