import { type Clock, isAppError } from '@flotilla/contracts';
import { Backoff } from '../retry/backoff.ts';
import type { ClientLogger, OutageLog } from '../retry/outage-log.ts';
import { pause } from '../retry/pause.ts';
import type { Lease, RegistrationApi } from './registration-api.ts';

/** How a heartbeat ended: the registry has forgotten the instance, or the signal said stop. */
export type HeartbeatEnd = 'forgotten' | 'stopped';

/** What a heartbeat works with. */
export interface HeartbeatOptions {
  readonly api: Pick<RegistrationApi, 'renew'>;
  readonly clock: Clock;
  readonly random: () => number;
  readonly outage: OutageLog;
  readonly logger: ClientLogger;
}

/**
 * The wait until the next renewal: a third of the lease, so that two renewals may be lost before the lease is; up to a
 * fifth less at random, so that instances that were started together do not renew together for ever.
 */
function renewDelayMs(leaseMs: number, random: () => number): number {
  return (leaseMs / 3) * (1 - 0.2 * random());
}

/**
 * Renews `lease` until `signal` aborts or the registry says that it knows no such lease. A registry that can't be
 * reached is asked again with growing waits, also after the lease must have run out: it may have kept it while it
 * was away, and if not it says so.
 */
export async function keepRenewed(lease: Lease, signal: AbortSignal, options: HeartbeatOptions): Promise<HeartbeatEnd> {
  const { api, clock, random, outage, logger } = options;
  let current = lease;
  let delayMs = renewDelayMs(current.leaseMs, random);
  const backoff = new Backoff({ maxMs: Math.min(2_000, current.leaseMs / 3), random });
  for (;;) {
    await pause(clock, delayMs, signal);
    if (signal.aborted) return 'stopped';
    try {
      current = await api.renew(current, signal);
      outage.succeeded();
      backoff.reset();
      delayMs = renewDelayMs(current.leaseMs, random);
    } catch (error) {
      if (signal.aborted) return 'stopped';
      if (isAppError(error) && (error.code === 'LEASE_NOT_FOUND' || error.code === 'INSTANCE_NOT_FOUND')) {
        outage.succeeded();
        logger.debug({ instanceId: current.id }, 'the registry has forgotten this instance');
        return 'forgotten';
      }
      outage.failed(error);
      delayMs = backoff.nextDelayMs();
    }
  }
}
