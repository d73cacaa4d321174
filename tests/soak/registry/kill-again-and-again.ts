import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Program } from '@flotilla/testing';
import { Random } from '../../fuzz/random.ts';
import { Knowledge } from './knowledge.ts';
import { readBack } from './read-back.ts';
import { watchKeys } from './watcher.ts';
import { writeAll } from './writers.ts';

/** How a registry is killed. */
export interface KillOptions {
  /** How many times. */
  readonly kills: number;
  /** Repeats the choices; what is under way when a process dies, no seed repeats. */
  readonly seed: number;
  /** Where its database is. */
  readonly folder: string;
  readonly onKill?: (kill: number, knowledge: Knowledge) => void;
}

/** What came of it. */
export interface KillReport {
  readonly kills: number;
  /** Of these, how many came before it was ready. */
  readonly duringStart: number;
  readonly acknowledged: number;
  readonly unanswered: number;
  readonly findings: readonly string[];
}

/** The longest time that it works before it is killed. */
const longestMs = 250;
const longestStartMs = 600;
/** How many of a hundred kills come while it starts. */
const duringStartPercent = 10;

const entry = fileURLToPath(new URL('../../../apps/service-registry/src/main.ts', import.meta.url));

/**
 * Kills a registry that is written to from all sides, without a warning and at any moment, and starts it again on what it has left.
 * What it has acknowledged or shown to anybody has to be there, and no revision may stand for two things.
 */
export async function killAgainAndAgain({ kills, seed, folder, onKill }: KillOptions): Promise<KillReport> {
  const random = new Random(seed);
  const fraction = (): number => random.below(1_000_000) / 1_000_000;
  const knowledge = new Knowledge();
  let written = 0;
  let duringStart = 0;
  const env = {
    ...{ SERVER_HOST: '127.0.0.1', SERVER_PORT: '0', LOG_LEVEL: 'error' },
    DATABASE_URL: `sqlite:${join(folder, 'registry.db')}`,
  };
  await using program = new Program({ entry, env, readyTimeoutMs: 60_000 });
  for (let kill = 1; kill <= kills; kill += 1) {
    if (random.chance(duringStartPercent)) {
      duringStart += 1;
      program.launch();
      await new Promise((resolve) => setTimeout(resolve, random.below(longestStartMs)));
      await program.kill();
    }
    await program.start();
    const { url } = program;
    await readBack(url, knowledge);
    const ended = new AbortController();
    const next = (): string => `${kill}.${(written += 1)}.`;
    const working = Promise.all([
      writeAll({ url, knowledge, random: fraction, signal: ended.signal, next }),
      watchKeys(url, knowledge),
    ]);
    setTimeout(() => void program.kill(), random.below(longestMs));
    await program.exited;
    ended.abort();
    await working;
    onKill?.(kill, knowledge);
  }
  await program.start();
  await readBack(program.url, knowledge);
  await program.kill();
  await rm(folder, { recursive: true, force: true });
  return { kills: kills + duringStart, duringStart, ...knowledge.counts, findings: knowledge.findings };
}
