import type { Clock, InstanceStatus } from '@flotilla/contracts';
import type { RunningCheck } from './running-check.ts';
import { SilenceWatch } from './verdict/silence-watch.ts';

/** How {@link SilentChecks} work. */
export interface SilentChecksOptions {
  readonly clock: Clock;
  /** Shows a check as it was before its silence was believed. */
  readonly takeBack: (check: RunningCheck, before: InstanceStatus) => void;
  /** A suspicion begins, or ends. */
  readonly onChange: (isSuspect: boolean) => void;
}

/** Whose silence was believed so shortly before a suspicion belongs to it. */
const takeBackMs = 30_000;

/** A check that got worse because its machine was silent. */
interface Believed {
  readonly check: RunningCheck;
  readonly before: InstanceStatus;
  readonly atMs: number;
}

/**
 * The checks that tell nothing because their machines are silent. When so many are that it is rather the registry's own
 * network, those that were believed first are taken back: nobody can know with the first of them.
 */
export class SilentChecks {
  readonly #options: SilentChecksOptions;
  readonly #watch: SilenceWatch;
  #believed: readonly Believed[] = [];

  constructor(options: SilentChecksOptions) {
    this.#options = options;
    this.#watch = new SilenceWatch({ clock: options.clock, onChange: (isSuspect) => this.#changed(isSuspect) });
  }

  /** Whether silence is not believed at present. */
  get isSuspect(): boolean {
    return this.#watch.isSuspect;
  }

  heard({ host }: RunningCheck): void {
    this.#watch.heard(host);
  }

  /** Notes the silence of a check's machine. Returns whether that says nothing of it. */
  silent({ host }: RunningCheck): boolean {
    return this.#watch.silent(host);
  }

  /** A check got worse because its machine is silent. */
  believed(check: RunningCheck, before: InstanceStatus): void {
    if (check.host === undefined || check.verdict.status === before) return;
    const atMs = this.#options.clock.monotonicMs();
    const recent = this.#believed.filter((each) => each.check !== check && atMs - each.atMs <= takeBackMs);
    this.#believed = [...recent, { check, before, atMs }];
  }

  #changed(isSuspect: boolean): void {
    const { clock, onChange, takeBack } = this.#options;
    const fromMs = clock.monotonicMs() - takeBackMs;
    const believed = this.#believed;
    this.#believed = [];
    onChange(isSuspect);
    if (!isSuspect) return;
    for (const { check, before, atMs } of believed)
      if (atMs >= fromMs && !check.ended.signal.aborted && check.verdict.status === 'critical') takeBack(check, before);
  }
}
