import type { Clock } from '@flotilla/contracts';
import type { PlacedSpec } from '../plan/placed-spec.ts';
import { awaitReadiness } from '../supervise/await-readiness.ts';
import type { ProcessListener } from '../supervise/supervised-process.ts';
import type { Wellness } from './wellness.ts';

/** One try to connect: on this machine it takes no time at all, or as long as we wait. */
const connectLimitMs = 1_000;
/** What has not ended by then has found what it needs to begin. */
const livesMs = 100;

/**
 * Says that a process is ready for those that do not say so themselves: when their health answers, else when their port
 * does; one without a port serves nobody, so it is ready as soon as it runs, unless it is to end. Returns what ends the asking.
 */
export function tellReadiness(
  { program }: PlacedSpec,
  wellness: Wellness | undefined,
  clock: Clock,
  listener: Pick<ProcessListener, 'ready'>,
): () => void {
  if (wellness !== undefined) {
    const limitMs = program.health?.timeoutMs ?? connectLimitMs;
    return awaitReadiness(
      clock,
      () => wellness.isWell(limitMs),
      () => listener.ready(wellness.url, wellness.live),
    );
  }
  if (program.launch.kind === 'node' || program.restart.when === 'never') return () => undefined;
  const timer = clock.after(livesMs, () => listener.ready(''));
  return () => timer.cancel();
}
