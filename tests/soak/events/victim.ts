import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { Program } from '@flotilla/testing';
import type { Random } from '../../fuzz/random.ts';

/** A program that is killed again and again. */
export interface VictimOptions {
  /** What it is, for the report: `user-service`. */
  readonly name: string;
  readonly entry: string;
  readonly env: Readonly<Record<string, string>>;
  /** The points to which it may come. */
  readonly points: readonly string[];
  readonly random: Random;
  /** Prepares a start after which the program may come to this point. */
  readonly prepare?: (point: string) => Promise<void>;
}

const preload = fileURLToPath(new URL('kill-points.ts', import.meta.url));
/** If it does not come to its point within this time, it is killed where it is. */
const patienceMs = 2_000;
const startLimitMs = 60_000;
/** How many of a hundred kills come while it starts, or right after. */
const duringStartPercent = 20;

/** One instance of a program, and where it will be killed. */
export class Victim {
  readonly #options: VictimOptions;
  #program: Program | undefined;
  #point = '';

  constructor(options: VictimOptions) {
    this.#options = options;
  }

  /** Starts it, so that it can be killed at a point of which `kill` tells. */
  async start(): Promise<void> {
    await this.#newProgram(false);
    await this.#program?.start();
  }

  /** Kills it at its point, starts it again, and returns the point. */
  async kill(): Promise<string> {
    const { random } = this.#options;
    if (random.chance(duringStartPercent)) {
      await this.end();
      await this.#newProgram(true);
      this.#program?.launch();
    } else if (this.#program?.pid !== undefined) {
      process.kill(this.#program.pid, 'SIGUSR2');
    }
    const point = this.#point;
    const program = this.#program;
    const patience = new AbortController();
    void sleep(patienceMs, undefined, { signal: patience.signal, ref: false })
      .then(() => program?.kill())
      .catch(() => undefined);
    const end = await program?.exited;
    patience.abort();
    if (end?.signal !== 'SIGKILL') throw new Error(`${this.#options.name} ended by itself: ${this.#output()}`);
    this.#requireNoComplaint();
    await this.start();
    return `${this.#options.name} ${point}`;
  }

  async end(): Promise<void> {
    await this.#program?.kill();
    this.#requireNoComplaint();
  }

  async #newProgram(armed: boolean): Promise<void> {
    const { entry, env, points, random, prepare } = this.#options;
    this.#point = random.pick(points);
    await prepare?.(this.#point);
    // Half of the kills right at the point, the others when the next things have begun.
    const delayMs = random.chance(50) ? 0 : 1 + random.below(12);
    const plan = {
      ...{ NODE_OPTIONS: `--import=${preload}`, KILL_ARMED: armed ? '1' : '0' },
      KILL_AT: [this.#point, 1 + random.below(5), delayMs].join(':'),
    };
    this.#program = new Program({ entry, env: { ...env, ...plan }, readyTimeoutMs: startLimitMs });
  }

  #output(): string {
    return `${this.#program?.stderr}${this.#program?.stdout}`;
  }

  #requireNoComplaint(): void {
    // What is to be expected while others are killed.
    for (const [line] of this.#output().matchAll(/"level":"(?:error|fatal)".*/g))
      if (!/STORAGE_UNAVAILABLE|USER_SERVICE_UNAVAILABLE|ORDER_SERVICE_UNAVAILABLE/.test(line))
        throw new Error(`${this.#options.name} says ${line}`);
  }
}
