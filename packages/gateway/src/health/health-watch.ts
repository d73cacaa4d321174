import type { Clock, Timer } from '@flotilla/contracts';
import type { Outcome } from '../attempt/outcome.ts';
import { defaultProbePath, type HealthSettings } from '../config/health-settings.ts';
import type { Probe } from './http-probe.ts';
import { evidenceOf, type HealthOrder, InstanceHealth, type SetAsideReason } from './instance-health.ts';

/** Hears when an instance is set aside and when it is back. */
export interface HealthListener {
  setAside(reason: SetAsideReason): void;
  returned(): void;
}

/** An instance that gets no requests. */
export interface SetAside {
  readonly reason: SetAsideReason;
  /** Since when. Monotonic. */
  readonly atMs: number;
}

export interface HealthWatchOptions {
  /** Where the instance is. */
  readonly address: string;
  readonly port: number;
  readonly authority: string;
  readonly settings: HealthSettings;
  readonly clock: Clock;
  readonly random: () => number;
  readonly probe: Probe;
  readonly listener: HealthListener;
}

/** Carries out what {@link InstanceHealth} orders for one instance: its timer and its probes. */
export class HealthWatch {
  readonly #options: HealthWatchOptions;
  readonly #health: InstanceHealth;
  readonly #closed = new AbortController();
  #due: Timer | undefined;
  #setAside: SetAside | undefined;

  constructor(options: HealthWatchOptions) {
    this.#options = options;
    this.#health = new InstanceHealth(options.settings);
  }

  get available(): boolean {
    return this.#health.available;
  }

  /** Since when and why it gets no requests; undefined: it gets them. */
  get setAside(): SetAside | undefined {
    return this.#setAside;
  }

  get failuresInARow(): number {
    return this.#health.failuresInARow;
  }

  attemptEnded(outcome: Outcome, startedAtMs: number, nowMs: number): void {
    this.#obey(this.#health.attemptEnded(evidenceOf(outcome), startedAtMs, nowMs));
  }

  /** An attempt has waited for its first byte for longer than usual. */
  silent(startedAtMs: number): void {
    this.#obey(this.#health.silent(startedAtMs, this.#options.clock.monotonicMs()));
  }

  announced(): void {
    this.#obey(this.#health.announced(this.#options.clock.monotonicMs()));
  }

  /** Probes no more. */
  close(): void {
    this.#due?.cancel();
    this.#closed.abort();
  }

  #obey(order: HealthOrder): void {
    switch (order.kind) {
      case 'nothing':
        return;
      case 'probe':
        return this.#probeIn(order.inMs);
      case 'set-aside':
        this.#setAside = { reason: order.reason, atMs: this.#options.clock.monotonicMs() };
        if (order.probeInMs !== undefined) this.#probeIn(order.probeInMs);
        return this.#options.listener.setAside(order.reason);
      case 'return':
        this.#due?.cancel();
        this.#due = undefined;
        this.#setAside = undefined;
        return this.#options.listener.returned();
      default:
        order satisfies never;
    }
  }

  #probeIn(delayMs: number): void {
    this.#due?.cancel();
    this.#due = undefined;
    if (this.#closed.signal.aborted) return;
    if (delayMs === 0) return void this.#probe();
    // Up to a tenth sooner, so that the workers of a gateway don't ask in step.
    this.#due = this.#options.clock.after(delayMs * (1 - 0.1 * this.#options.random()), () => void this.#probe());
  }

  async #probe(): Promise<void> {
    const { address, port, authority, settings, clock, probe } = this.#options;
    this.#due = undefined;
    this.#health.probeBegan(clock.monotonicMs());
    const result = await probe({
      address,
      port,
      authority,
      path: settings.path ?? defaultProbePath,
      passes: settings.path === undefined ? isNot503 : is2xx,
      timeoutMs: settings.probeTimeoutMs,
      clock,
      signal: this.#closed.signal,
    });
    if (!this.#closed.signal.aborted) this.#obey(this.#health.probeEnded(result, clock.monotonicMs()));
  }
}

function isNot503(status: number): boolean {
  return status !== 503;
}

function is2xx(status: number): boolean {
  return status >= 200 && status < 300;
}
