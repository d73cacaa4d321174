import type { Clock, InstanceStatus } from '@flotilla/contracts';
import { LeaseTable } from '../lease/lease-table.ts';
import { firstNewsMs, type RunningCheck } from './running-check.ts';

/** How {@link CheckTimers} work. */
export interface CheckTimersOptions {
  readonly clock: Clock;
  /** Perhaps nobody has reported in time: of several at once, all are told before the first is sure. */
  readonly onDoubt: (check: RunningCheck) => void;
  /** Nobody has reported in time. */
  readonly onSilent: (check: RunningCheck) => void;
  /** A check has been critical for as long as it may be. */
  readonly onCriticalTooLong: (check: RunningCheck) => void;
  /** What was said last may be shown. */
  readonly onHoldOver: (check: RunningCheck) => void;
}

/** How long a removal that could not be stored waits for the next attempt. */
const retryRemovalMs = 1_000;
/** After a restart nobody is removed for having been critical before this. */
const restartGraceMs = 10_000;

/**
 * What checks wait for, beside their turn to ask. A stall of the registry itself ends none of it early: these are leases,
 * and get back the time that was lost.
 */
export class CheckTimers {
  readonly #ttls: LeaseTable<RunningCheck>;
  readonly #removals: LeaseTable<RunningCheck>;
  readonly #holds: LeaseTable<RunningCheck>;

  constructor({ clock, onDoubt, onSilent, onCriticalTooLong, onHoldOver }: CheckTimersOptions) {
    const table = (onExpired: (check: RunningCheck) => void): LeaseTable<RunningCheck> =>
      new LeaseTable({
        clock,
        onExpired: (leases) => {
          for (const { holder } of leases) onExpired(holder);
        },
      });
    this.#ttls = table((check) => this.#listenOnce(check, onDoubt, onSilent));
    this.#removals = table(onCriticalTooLong);
    this.#holds = table(onHoldOver);
  }

  /** Waits for the first report. */
  expectReport(check: RunningCheck, ttlMs: number): void {
    check.ttl = this.#ttls.grant(check, ttlMs);
  }

  /** Timers run before sockets are read: a report may have come while the registry was busy. */
  #listenOnce(check: RunningCheck, ...steps: readonly ((check: RunningCheck) => void)[]): void {
    const [step, ...rest] = steps;
    if (step === undefined) return;
    setImmediate(() => {
      if (check.ttl === undefined || this.#ttls.isRunning(check.ttl) || check.ended.signal.aborted) return;
      step(check);
      this.#listenOnce(check, ...rest);
    });
  }

  reported(check: RunningCheck): void {
    if (check.ttl !== undefined) this.#ttls.renew(check.ttl);
  }

  /**
   * Counts how long a check has been critical, where that ends the instance.
   *
   * @param forMs how long it was critical before a restart of the registry
   */
  watchCritical(check: RunningCheck, status: InstanceStatus, forMs = 0): void {
    const { definition } = check;
    if (definition?.deregister_after_ms === undefined) return;
    if (status !== 'critical') {
      if (check.removal !== undefined) this.#removals.release(check.removal);
      check.removal = undefined;
      return;
    }
    if (check.removal !== undefined) return;
    const wholeMs = definition.deregister_after_ms;
    const leftMs = forMs === 0 ? wholeMs : Math.max(wholeMs - forMs, firstNewsMs(definition) + restartGraceMs);
    check.removal = this.#removals.grant(check, wholeMs, leftMs);
  }

  /** Counts anew how long a check has been critical: what was found until now may have been wrong. */
  countAnew({ removal }: RunningCheck): void {
    if (removal !== undefined) this.#removals.renew(removal);
  }

  /** A removal could not be stored. */
  tryRemovalAgain(check: RunningCheck): void {
    if (check.removal !== undefined) this.#removals.postpone(check.removal, retryRemovalMs);
  }

  /** Says in `delayMs` that what was said last may be shown. */
  hold(check: RunningCheck, delayMs: number): void {
    check.hold = this.#holds.grant(check, delayMs);
  }

  endHold(check: RunningCheck): void {
    if (check.hold !== undefined) this.#holds.release(check.hold);
    check.hold = undefined;
  }

  /** Waits for nothing of a check any more. */
  end(check: RunningCheck): void {
    if (check.ttl !== undefined) this.#ttls.release(check.ttl);
    if (check.removal !== undefined) this.#removals.release(check.removal);
    this.endHold(check);
  }

  close(): void {
    for (const table of [this.#ttls, this.#removals, this.#holds]) table.close();
  }
}
