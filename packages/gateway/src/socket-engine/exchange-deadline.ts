import type { Clock } from '@flotilla/contracts';
import type { TimeoutPhase } from '../attempt/outcome.ts';
import type { RouteTimeouts } from '../config/timeouts.ts';
import type { ClientSide } from './client-side.ts';
import { PatientWait } from './patient-wait.ts';

/** What an exchange waits for. */
export type Phase = 'connect' | 'first-byte' | 'progress' | 'request-body' | 'client-write' | 'tunnel';

/** The one deadline of an exchange: that of its phase, or that of the whole if it comes first. */
export class ExchangeDeadline {
  phase: Phase = 'connect';
  /** Whether what is due next is the whole exchange's end, not the phase's. */
  total = false;
  readonly #clock: Clock;
  readonly #client: ClientSide;
  readonly #silenceMs: number;
  readonly #wait = new PatientWait();
  /** Monotonic; infinite for routes without. */
  readonly #totalDueMs: number;

  /**
   * @param timeouts `totalMs`: for the whole exchange from now on; 0 = no limit
   * @param silenceMs after how much of the wait for the first byte the silence is looked into
   */
  constructor(clock: Clock, client: ClientSide, { totalMs }: RouteTimeouts, silenceMs: number) {
    this.#silenceMs = silenceMs;
    this.#clock = clock;
    this.#client = client;
    this.#totalDueMs = totalMs === 0 ? Number.POSITIVE_INFINITY : clock.monotonicMs() + totalMs;
  }

  /** What has run out, in the words of outcomes. */
  get timeoutPhase(): TimeoutPhase {
    if (this.total) return 'total';
    return this.phase === 'connect' || this.phase === 'first-byte' ? this.phase : 'progress';
  }

  /** Starts to wait for something else, for at most `delayMs`. A tunnel has no end of the whole. */
  arm(phase: Phase, delayMs: number): void {
    const leftMs = phase === 'tunnel' ? delayMs : this.#totalDueMs - this.#clock.monotonicMs();
    this.phase = phase;
    this.total = leftMs < delayMs;
    const dueMs = this.total ? Math.max(0, leftMs) : delayMs;
    this.#client.setDeadline(this.#wait.begin(dueMs, phase === 'first-byte' ? this.#silenceMs : dueMs));
  }

  /** Whether the time is not up yet, only long enough to look into the silence: then `attempts` does, and it waits on. */
  goesOn(attempts: { silent(): void }): boolean {
    if (!this.#wait.goesOn) return false;
    this.#client.setDeadline(this.#wait.next());
    attempts.silent();
    return true;
  }
}
