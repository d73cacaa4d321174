import type { Clock, Timer } from '@flotilla/contracts';
import { DatabaseFault } from './database-fault.ts';
import type { PooledConnection } from './pooled-connection.ts';

/** How often running statements are looked at. */
const intervalMs = 200;
const defaultSilenceMs = 400;
/** How much longer than its limit a statement may take: the server is the one to stop it, and says so. */
const graceMs = 1_000;

/** What a {@link SilenceWatch} looks at. */
export interface SilenceWatchOptions {
  readonly clock: Clock;
  /** Infinity: no limit. */
  readonly statementTimeoutMs: number;
  /** How long a server may say nothing, while statements run, until it is asked whether it is there. Default 400. */
  readonly silenceMs?: number;
  /** The connections that are in use. */
  readonly busy: Iterable<PooledConnection>;
  /** Asks the server whether it is there. */
  readonly ask: () => void;
}

/**
 * Notices a server that has stopped to answer without closing its connections: a frozen process, a cut cable. Nothing costs a
 * timer for each statement: one looks at all, and only while any runs.
 */
export class SilenceWatch {
  readonly #options: SilenceWatchOptions;
  #timer: Timer | undefined;
  #heardMs = Number.NEGATIVE_INFINITY;

  constructor(options: SilenceWatchOptions) {
    this.#options = options;
  }

  /** Whether the server has said nothing for a while. */
  get isSilent(): boolean {
    const { clock, silenceMs = defaultSilenceMs } = this.#options;
    return clock.monotonicMs() - this.#heardMs > silenceMs;
  }

  begun(): void {
    this.#timer ??= this.#options.clock.after(intervalMs, () => this.#look());
  }

  heard(): void {
    this.#heardMs = this.#options.clock.monotonicMs();
  }

  stop(): void {
    this.#timer?.cancel();
    this.#timer = undefined;
  }

  #look(): void {
    this.#timer = undefined;
    const { clock, statementTimeoutMs, silenceMs = defaultSilenceMs, busy, ask } = this.#options;
    const nowMs = clock.monotonicMs();
    let running = false;
    let waited = 0;
    // A copy, since what is cut leaves the set.
    for (const connection of [...busy]) {
      if (connection.runningSinceMs === undefined) continue;
      running = true;
      const ranMs = nowMs - connection.runningSinceMs;
      if (ranMs > statementTimeoutMs + graceMs) connection.cut(overdue(statementTimeoutMs));
      else waited = Math.max(waited, ranMs);
    }
    if (waited > silenceMs && this.isSilent) ask();
    if (running) this.begun();
  }
}

function overdue(limitMs: number): DatabaseFault {
  const message = `a statement took longer than ${limitMs} ms (DATABASE_STATEMENT_TIMEOUT_MS)`;
  return new DatabaseFault(message, { verdict: { kind: 'unavailable' }, lost: true });
}
