import type { Clock } from '@flotilla/contracts';
import { authorityOf } from '@flotilla/contracts/endpoint';
import { callableHost, type PlacedSpec } from '../plan/finish-environments.ts';
import { accepts, awaitReadiness, isWell } from '../supervise/await-readiness.ts';
import type { ProcessListener } from '../supervise/supervised-process.ts';

/** One try to connect: on this machine it takes no time at all, or as long as we wait. */
const connectLimitMs = 1_000;
/** What has not ended by then has found what it needs to begin. */
const livesMs = 100;

/**
 * Says that a process is ready for those that do not say so themselves: when their health answers, else when their port
 * does; one without a port serves nobody, so it is ready as soon as it runs, unless it is to end. Returns what ends the asking.
 */
export function tellReadiness(
  { program, port, env }: PlacedSpec,
  clock: Clock,
  listener: Pick<ProcessListener, 'ready'>,
): () => void {
  const { health, launch, restart } = program;
  const host = callableHost(env['SERVER_HOST']);
  if (health !== undefined && port !== undefined) {
    const url = `http://${authorityOf({ address: host, port })}`;
    const at = `${url}${health.path}`;
    return awaitReadiness(
      clock,
      () => isWell(at, health.timeoutMs),
      () => listener.ready(url, at),
    );
  }
  if (launch.kind === 'node') return () => undefined;
  if (port !== undefined) {
    const url = authorityOf({ address: host, port });
    return awaitReadiness(
      clock,
      () => accepts({ host, port }, connectLimitMs),
      () => listener.ready(url),
    );
  }
  if (restart.when === 'never') return () => undefined;
  const timer = clock.after(livesMs, () => listener.ready(''));
  return () => timer.cancel();
}
