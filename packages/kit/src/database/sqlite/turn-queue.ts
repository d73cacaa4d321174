import type { Clock } from '@flotilla/contracts';

/** What somebody waits for: a transaction, or one statement outside of any. */
export type Turn = 'transaction' | 'statement';

interface Waiter {
  /** Whoever came first has the lowest. */
  readonly number: number;
  go(): void;
}

/** What decides who may go. */
export interface TurnRules {
  /** Whether such a turn is possible now. */
  isPossible(turn: Turn): boolean;
  readonly clock: Clock;
  /** Somebody has waited, since then. */
  waited(sinceMs: number): void;
}

/**
 * Those who wait for a connection, in the order in which they came. One at a time is called: all but one of many would wait
 * again. Which turns are possible now is asked each time; one that is not is passed over.
 */
export class TurnQueue {
  readonly #rules: TurnRules;
  readonly #waiting = { transaction: [] as Waiter[], statement: [] as Waiter[] } as const;
  #numbers = 0;
  /** Whether one of them has been called, and has not come yet. */
  #isCalled = false;

  constructor(rules: TurnRules) {
    this.#rules = rules;
  }

  /** Whether one that comes now may go at once: it is possible, and nobody is before it. */
  mayGo(turn: Turn): boolean {
    return !this.#isCalled && this.#rules.isPossible(turn) && this.#first() === undefined;
  }

  /** Runs `act` when it has its turn; then it is the next one's. */
  async take<T>(turn: Turn, act: () => T): Promise<T> {
    if (!this.mayGo(turn)) {
      const sinceMs = this.#rules.clock.monotonicMs();
      do {
        await this.#call(turn);
        this.#isCalled = false;
      } while (!this.#rules.isPossible(turn));
      this.#rules.waited(sinceMs);
    }
    // Without another await: whoever comes meanwhile could begin something else.
    try {
      return act();
    } finally {
      this.callNext();
    }
  }

  #call(turn: Turn): Promise<void> {
    this.#numbers += 1;
    const number = this.#numbers;
    return new Promise<void>((go) => void this.#waiting[turn].push({ number, go }));
  }

  /** Calls the first whose turn is possible. */
  callNext(): void {
    const turn = this.#isCalled ? undefined : this.#first();
    if (turn === undefined) return;
    this.#isCalled = true;
    this.#waiting[turn].shift()?.go();
  }

  /** What the first one waits for whose turn is possible. */
  #first(): Turn | undefined {
    const { transaction, statement } = this.#waiting;
    const of = (turn: Turn, [first]: readonly Waiter[]): number =>
      first !== undefined && this.#rules.isPossible(turn) ? first.number : Number.POSITIVE_INFINITY;
    const numbers = { transaction: of('transaction', transaction), statement: of('statement', statement) };
    if (Math.min(numbers.transaction, numbers.statement) === Number.POSITIVE_INFINITY) return undefined;
    return numbers.transaction < numbers.statement ? 'transaction' : 'statement';
  }
}
