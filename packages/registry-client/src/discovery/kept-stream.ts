import type { Clock } from '@flotilla/contracts';
import { pause } from '@flotilla/contracts/time';
import { Backoff } from '../retry/backoff.ts';
import type { OutageLog } from '../retry/outage-log.ts';

/** One stream of news, while it runs. */
export interface Streaming {
  /** This one stream's own. What still arrives after it has aborted is to be passed over. */
  readonly signal: AbortSignal;
  /** Something arrived, were it only a comment: the connection is alive. */
  onActivity(): void;
}

/** What keeps a stream open, and the stream itself. */
export interface KeptStreamParts {
  readonly clock: Clock;
  readonly random: () => number;
  /** How long a stream may be silent before it counts as lost, in milliseconds. Undefined: for ever. */
  readonly silenceLimitMs: number | undefined;
  /** Told of failures; that all is well is the stream's to say. */
  readonly outage: OutageLog;
  /** Runs one stream to its end: resolves when the other side ends it, rejects when it fails or its signal aborts. */
  run(stream: Streaming): Promise<void>;
  /** The stream has ended and there will be no other for a moment. */
  onLost(): void;
}

/** A stream that ended sooner than this did not work: the wait before the next try goes on growing. */
const steadyAfterMs = 1_000;

/** Runs one stream after another until it is closed, with growing waits between those that fail. */
export class KeptStream {
  readonly #parts: KeptStreamParts;
  readonly #closed = new AbortController();
  #running: Promise<void> | undefined;
  /** Ends the present stream, or the wait for the next one, in favour of another. */
  #round = new AbortController();

  constructor(parts: KeptStreamParts) {
    this.#parts = parts;
  }

  /** Begins, in a moment; once it has begun, another stream takes the place of the present one. */
  renew(): void {
    if (this.#closed.signal.aborted) return;
    if (this.#running === undefined) this.#running = Promise.resolve().then(() => this.#run());
    else this.#round.abort();
  }

  /** Resolves when the stream has ended. */
  async close(): Promise<void> {
    this.#closed.abort();
    this.#round.abort();
    await this.#running;
  }

  async #run(): Promise<void> {
    const { clock, random, outage } = this.#parts;
    const backoff = new Backoff({ random });
    while (!this.#closed.signal.aborted) {
      this.#round = new AbortController();
      const round = this.#round.signal;
      const startMs = clock.monotonicMs();
      const failure = await this.#stream(round);
      if (round.aborted) {
        // Lets all who ask for another in this turn do so before it begins.
        await Promise.resolve();
        continue;
      }
      if (clock.monotonicMs() - startMs >= steadyAfterMs) backoff.reset();
      outage.failed(failure);
      this.#parts.onLost();
      await pause(clock, backoff.nextDelayMs(), round);
    }
  }

  /** Runs one stream; resolves with the reason it ended. */
  async #stream(round: AbortSignal): Promise<unknown> {
    const { clock, silenceLimitMs, run } = this.#parts;
    const ended = new AbortController();
    const { signal } = ended;
    const end = (): void => ended.abort(round.reason);
    round.addEventListener('abort', end);
    const silence = silenceLimitMs === undefined ? undefined : watchSilence(clock, silenceLimitMs, ended);
    try {
      await run({ signal, onActivity: () => silence?.broken() });
      return signal.aborted ? signal.reason : new Error('the other side closed the stream');
    } catch (error) {
      return signal.aborted ? signal.reason : error;
    } finally {
      // Whatever it still says is too late.
      ended.abort();
      silence?.cancel();
      round.removeEventListener('abort', end);
    }
  }
}

/** Aborts `ended` when nothing was heard for so long. */
function watchSilence(clock: Clock, limitMs: number, ended: AbortController): { broken(): void; cancel(): void } {
  let heardMs = clock.monotonicMs();
  const check = (): void => {
    const leftMs = heardMs + limitMs - clock.monotonicMs();
    if (leftMs <= 0) ended.abort(new Error(`no data for ${limitMs} ms`));
    else timer = clock.after(leftMs, check);
  };
  let timer = clock.after(limitMs, check);
  return {
    broken() {
      heardMs = clock.monotonicMs();
    },
    cancel: () => timer.cancel(),
  };
}
