import { fileURLToPath } from 'node:url';
import { Program } from '@flotilla/testing';
import type { Random } from '../../fuzz/random.ts';

/** A program that is killed again and again. */
export interface VictimOptions {
  /** What it is, for the report: `user-service 1`. */
  readonly name: string;
  readonly entry: string;
  readonly env: Readonly<Record<string, string>>;
  /** The points to which it may come. */
  readonly points: readonly string[];
  readonly random: Random;
  /** Told where it was killed, after each kill. Returns whether it is to be killed again. */
  readonly onKill: (point: string) => boolean;
  /** Prepares a start after which the program may come to this point. */
  readonly prepare?: (point: string) => Promise<void>;
}

const preload = fileURLToPath(new URL('kill-points.ts', import.meta.url));
/** If it does not come to its point within this time, it is killed where it is. */
const patienceMs = 6_000;

/** Starts a program, kills it at a random point, and so on, until `onKill` says that it is enough. It runs then. */
export async function killAtPoints(options: VictimOptions): Promise<Program> {
  const { entry, env, points, random, onKill, prepare } = options;
  for (;;) {
    const point = random.pick(points);
    // Half of them right there, the others when the next things have begun.
    const delayMs = random.chance(50) ? 0 : 1 + random.below(12);
    // Most have worked for a while, some have only begun.
    const afterMs = random.chance(20) ? 0 : 1_500 + random.below(3_000);
    await prepare?.(point);
    const program = new Program({
      ...{ entry, readyTimeoutMs: 60_000 },
      env: {
        ...env,
        NODE_OPTIONS: `--import=${preload}`,
        KILL_AT: [point, 1 + random.below(12), delayMs, afterMs].join(':'),
      },
    });
    program.launch();
    const tooLate = setTimeout(() => void program.kill(), patienceMs);
    const { signal, code } = await program.exited;
    clearTimeout(tooLate);
    if (signal !== 'SIGKILL')
      throw new Error(`${options.name} ended with ${signal ?? code}: ${program.stderr}${program.stdout}`);
    const complaint = /"level":"(?:error|fatal)".*/.exec(program.stdout + program.stderr)?.[0];
    if (complaint !== undefined && !isForeseen(complaint)) throw new Error(`${options.name} says ${complaint}`);
    if (onKill(point)) continue;
    const last = new Program({ entry, env, readyTimeoutMs: 60_000 });
    await last.start();
    return last;
  }
}

/** What is to be expected while others are killed. */
function isForeseen(line: string): boolean {
  return /STORAGE_UNAVAILABLE|USER_SERVICE_UNAVAILABLE|ORDER_SERVICE_UNAVAILABLE/.test(line);
}
