import { type Clock, type InstanceStatus, isAppError } from '@flotilla/contracts';
import { Backoff } from '../retry/backoff.ts';
import type { Nudge } from '../retry/nudge.ts';
import type { ClientLogger, OutageLog } from '../retry/outage-log.ts';
import type { Grant, RegistrationApi } from './registration-api.ts';

/**
 * How a heartbeat ended: the registry has forgotten the instance, a newer registration has taken its place, or the signal
 * said stop.
 */
export type HeartbeatEnd = 'forgotten' | 'lost' | 'stopped';

/** How well the instance is, and what of that the registry knows. */
export interface Report {
  /** What is to be told; undefined = the instance has not said anything. */
  wanted: InstanceStatus | undefined;
  /** What the registry has acknowledged. */
  told: InstanceStatus | undefined;
}

/** What a heartbeat works with. */
export interface HeartbeatOptions {
  readonly api: Pick<RegistrationApi, 'renew' | 'report'>;
  readonly clock: Clock;
  readonly random: () => number;
  readonly outage: OutageLog;
  readonly logger: ClientLogger;
  readonly report: Report;
  /** Rung when there is something to tell before the next renewal. */
  readonly nudge: Nudge;
  /** Says, and forgets, that a connection to the registry was lost since the last time. */
  readonly takeConnectionLost: () => boolean;
}

/**
 * The wait until the next renewal: a third of the lease, so that two renewals may be lost before the lease is; up to a
 * fifth less at random, so that instances that were started together do not renew together for ever.
 */
function renewDelayMs(leaseMs: number, random: () => number): number {
  return (leaseMs / 3) * (1 - 0.2 * random());
}

/** The longest wait before the registry is asked whether it still knows us, after a connection to it was lost. */
const hurryMs = 1_000;

/**
 * Renews `grant`, and tells what is reported, until `signal` aborts or the registry says that it knows no such lease, by
 * words or by speaking from another history. A registry that can't be reached is asked again with growing waits, also
 * after the lease must have run out: it may have kept it while it was away, and if not it says so. Renewals go on while
 * reports fail: a registry whose storage is full refuses these and takes those.
 */
export async function keepRenewed(grant: Grant, signal: AbortSignal, options: HeartbeatOptions): Promise<HeartbeatEnd> {
  const { api, clock, random, outage, logger, report, nudge } = options;
  const backoffOf = (): Backoff => new Backoff({ maxMs: Math.min(2_000, grant.leaseMs / 3), random });
  let current = grant;
  const renewal = { dueMs: clock.monotonicMs() + renewDelayMs(current.leaseMs, random), backoff: backoffOf() };
  const telling = { dueMs: 0, backoff: backoffOf() };
  while (!signal.aborted) {
    const nowMs = clock.monotonicMs();
    const { wanted } = report;
    const hasNews = wanted !== undefined && wanted !== report.told;
    const dueMs = hasNews ? Math.min(renewal.dueMs, telling.dueMs) : renewal.dueMs;
    if (nowMs < dueMs) {
      await nudge.wait(clock, dueMs - nowMs, signal);
      if (options.takeConnectionLost())
        renewal.dueMs = Math.min(renewal.dueMs, clock.monotonicMs() + random() * hurryMs);
      continue;
    }
    const task = nowMs >= renewal.dueMs ? renewal : telling;
    try {
      if (task === telling && wanted !== undefined) {
        await api.report(current, wanted, signal);
        report.told = wanted;
      } else {
        current = await api.renew(current, signal);
        if (current.history !== grant.history) return forgotten('the registry has started a new history');
        renewal.dueMs = clock.monotonicMs() + renewDelayMs(current.leaseMs, random);
      }
      outage.succeeded();
      task.backoff.reset();
    } catch (error) {
      if (signal.aborted) break;
      if (isAppError(error, 'REGISTRATION_LOST')) {
        outage.succeeded();
        return 'lost';
      }
      if (isAppError(error, 'LEASE_NOT_FOUND') || isAppError(error, 'INSTANCE_NOT_FOUND'))
        return forgotten('the registry has forgotten this instance');
      outage.failed(error);
      // Never at once, whatever chance says.
      task.dueMs = clock.monotonicMs() + Math.max(1, task.backoff.nextDelayMs());
    }
  }
  return 'stopped';

  function forgotten(message: string): HeartbeatEnd {
    outage.succeeded();
    logger.debug({ instanceId: grant.id }, message);
    return 'forgotten';
  }
}
