import type { Clock } from '@flotilla/contracts';
import { type ControlClient, ControlFailure, type ProcessReport } from '@flotilla/fleet/control';
import { Failed } from './answer.ts';

/** A program that takes longer has a reason, which its log tells. */
const limitMs = 30_000;
/** A whole fleet stops for as long as its slowest program may, which is often 10 s. */
const endLimitMs = 120_000;
const pollMs = 100;

function pause(clock: Clock): Promise<void> {
  return new Promise((resolve) => clock.after(pollMs, resolve));
}

/** The state to wait for. */
export type Goal = 'ready' | 'stopped';

/**
 * Waits until processes are as they are to be. `before` are those that ran when it was asked for: a restarted one has another process id.
 * Throws {@link Failed} for one that fails on the way, or takes too long.
 */
export async function awaitState(
  client: ControlClient,
  clock: Clock,
  names: readonly string[],
  goal: Goal,
  before: ReadonlyMap<string, number | null>,
): Promise<readonly ProcessReport[]> {
  const endMs = clock.monotonicMs() + limitMs;
  for (;;) {
    const { processes } = await client.report();
    const wanted = processes.filter(({ name }) => names.includes(name));
    const isThere = (process: ProcessReport): boolean =>
      goal === 'ready'
        ? process.state === 'done' || (process.state === 'ready' && process.pid !== (before.get(process.name) ?? -1))
        : !isAlive(process);
    if (wanted.every(isThere)) return wanted;
    const failed = goal === 'ready' ? wanted.find(({ state }) => hasFailed(state)) : undefined;
    if (failed !== undefined)
      throw new Failed(`${failed.name} ${failed.why ?? failed.state}. For the reason: flotilla logs ${failed.name}`);
    if (clock.monotonicMs() >= endMs) {
      const late = wanted.filter((process) => !isThere(process)).map(({ name, state }) => `${name} is ${state}`);
      throw new Failed(`After ${limitMs / 1000} s ${late.join(', ')}. For details: flotilla logs ${names.join(' ')}`);
    }
    await pause(clock);
  }
}

/** Waits until the fleet no longer answers. Throws {@link Failed} if that takes too long. */
export async function awaitEnd(client: ControlClient, clock: Clock): Promise<void> {
  const endMs = clock.monotonicMs() + endLimitMs;
  for (;;) {
    try {
      const { processes } = await client.report();
      if (clock.monotonicMs() >= endMs) {
        const left = processes.filter(isAlive).map(({ name }) => name);
        throw new Failed(
          `After ${endLimitMs / 1000} s still running: ${left.join(', ')}. End them at once: flotilla stop --now`,
        );
      }
    } catch (error) {
      if (error instanceof ControlFailure && error.kind === 'gone') return;
      throw error;
    }
    await pause(clock);
  }
}

function isAlive({ pid, state }: ProcessReport): boolean {
  return pid !== null || state === 'restarting' || state === 'starting' || state === 'stopping';
}

function hasFailed(state: ProcessReport['state']): boolean {
  return state === 'restarting' || state === 'ended' || state === 'misconfigured';
}
