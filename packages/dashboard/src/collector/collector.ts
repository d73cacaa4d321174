import { AppError, type Clock } from '@flotilla/contracts';
import type { Taken } from './answers.ts';
import type { Encoding, SentSignal } from './read-sent.ts';

/** Keeps a message of OTLP: `receive` of the telemetry. */
export type Receive = (signal: SentSignal, encoding: Encoding, body: Uint8Array) => Promise<Taken>;

/** What may wait to be written, in bytes as sent. More than that, and senders are asked to come again. */
const maxWaitingBytes = 64 * 1_048_576;
const retryAfterMs = 1_000;
/** How long a rejection is shown. */
const showMs = 60_000;

/** Takes messages of OTLP from wherever they come, not more than can wait. */
export class Collector {
  readonly #receive: Receive;
  readonly #clock: Clock;
  #waitingBytes = 0;
  #trouble: { readonly message: string; readonly sinceMs: number; readonly lastMs: number } | undefined;

  constructor(receive: Receive, clock: Clock) {
    this.#receive = receive;
    this.#clock = clock;
  }

  /** Why something was rejected in the last minute, and since when that happens; undefined: nothing was. */
  get trouble(): { readonly message: string; readonly sinceMs: number } | undefined {
    const trouble = this.#trouble;
    return trouble === undefined || this.#clock.now() - trouble.lastMs > showMs ? undefined : trouble;
  }

  /**
   * Resolves once it is kept.
   *
   * @throws {AppError} INVALID_REQUEST, INVALID_JSON: nothing of it can be used; OVERLOADED, STORAGE_UNAVAILABLE: send it again later
   */
  async take(signal: SentSignal, encoding: Encoding, body: Uint8Array): Promise<Taken> {
    if (this.#waitingBytes + body.length > maxWaitingBytes) {
      this.#note('Programs send more telemetry than the dashboard can keep up with; they are asked to send it again');
      throw new AppError('OVERLOADED', { retryAfterMs });
    }
    this.#waitingBytes += body.length;
    try {
      const taken = await this.#receive(signal, encoding, body);
      if (taken.reason !== undefined) this.#note(taken.reason);
      return taken;
    } finally {
      this.#waitingBytes -= body.length;
    }
  }

  #note(message: string): void {
    const nowMs = this.#clock.now();
    this.#trouble = { message, sinceMs: this.trouble?.sinceMs ?? nowMs, lastMs: nowMs };
  }
}
