import { type AppError, type Clock, isAppError } from '@flotilla/contracts';
import { pause } from '@flotilla/contracts/time';
import { Backoff } from '../retry/backoff.ts';
import { isUnavailable } from '../retry/registry-addresses.ts';
import { type KeySource, noKeysAgainMs } from './key-source.ts';

/** What a {@link PrefixWatch} needs. */
export interface PrefixWatchParts {
  readonly source: KeySource;
  readonly prefix: string;
  readonly clock: Clock;
  readonly random: () => number;
  /** Called with everything below the prefix, first and after each change. */
  readonly onTexts: (texts: ReadonlyMap<string, string>) => void;
  /** Called for each answer. */
  readonly onAnswer: () => void;
  readonly onFailure: (error: unknown) => void;
  /** The registry does not let this program read these keys. */
  readonly onRefusal: (error: AppError) => void;
  /** The registry has lost its data; what it knew before stays in use. */
  readonly onLoss: () => void;
}

/** The shortest time between two questions after a change: a flood of changes becomes a few, and those that belong together one. */
const gatherMs = 20;
/** While a program starts it waits for this, and the registry may start just now: so long it is asked again so soon. */
const eager = { forMs: 2_000, againMs: 50 };
/** An answer that came sooner than this, and with nothing new, was no wait: the next question comes later. */
const shortestWaitMs = 1_000;

/** Keeps up with the keys below a prefix, one waiting question after the other, until it is closed. */
export class PrefixWatch {
  readonly #parts: PrefixWatchParts;
  readonly #closed = new AbortController();
  readonly #running: Promise<void>;
  #texts: ReadonlyMap<string, string> | undefined;
  #history: string | undefined;
  #index: string | undefined;

  constructor(parts: PrefixWatchParts) {
    this.#parts = parts;
    // Not in this turn: its creator does not listen yet.
    this.#running = Promise.resolve().then(() => this.#run());
  }

  async close(): Promise<void> {
    this.#closed.abort();
    await this.#running;
  }

  async #run(): Promise<void> {
    const { clock, random } = this.#parts;
    const { signal } = this.#closed;
    const backoff = new Backoff({ random });
    const eagerUntilMs = clock.monotonicMs() + eager.forMs;
    while (!signal.aborted) {
      const beganMs = clock.monotonicMs();
      try {
        const news = await this.#ask(signal);
        const isWait = clock.monotonicMs() - beganMs >= shortestWaitMs;
        if (news === 'changed' || isWait) backoff.reset();
        const tooSoonMs = news === 'unchanged' && !isWait ? backoff.nextDelayMs() : 0;
        await pause(clock, news === 'no-keys' ? noKeysAgainMs : gatherMs + tooSoonMs, signal);
      } catch (error) {
        if (signal.aborted) return;
        // What the index meant is known to nobody now: the next answer has everything.
        this.#index = undefined;
        if (isAppError(error) && !isUnavailable(error)) {
          // It is an answer, and it is the same until somebody changes the rights: nobody has to wait for another.
          this.#parts.onRefusal(error);
          if (this.#texts === undefined) this.#parts.onTexts((this.#texts = new Map()));
          await pause(clock, noKeysAgainMs, signal);
          continue;
        }
        this.#parts.onFailure(error);
        const isEager = this.#texts === undefined && clock.monotonicMs() < eagerUntilMs;
        await pause(clock, isEager ? eager.againMs : backoff.nextDelayMs(), signal);
      }
    }
  }

  async #ask(signal: AbortSignal): Promise<'changed' | 'unchanged' | 'no-keys'> {
    const { source, prefix, onTexts, onAnswer, onLoss } = this.#parts;
    const list = await source.list(prefix, this.#index, signal);
    if (signal.aborted) return 'unchanged';
    onAnswer();
    const before = this.#texts;
    if (list === undefined) {
      this.#index = undefined;
      if (before === undefined) onTexts((this.#texts = new Map()));
      return 'no-keys';
    }
    const { texts, index, history } = list;
    this.#index = index;
    const isLost = before !== undefined && before.size > 0 && texts.size === 0 && history !== this.#history;
    if (isLost) {
      // A registry that begins anew knows nothing, which is not the same as that somebody deleted everything.
      if (this.#history !== undefined) onLoss();
      this.#history = undefined;
      return 'unchanged';
    }
    this.#history = history;
    if (before !== undefined && isSame(before, texts)) return 'unchanged';
    this.#texts = texts;
    onTexts(texts);
    return 'changed';
  }
}

function isSame(a: ReadonlyMap<string, string>, b: ReadonlyMap<string, string>): boolean {
  return a.size === b.size && [...a].every(([key, text]) => b.get(key) === text);
}
