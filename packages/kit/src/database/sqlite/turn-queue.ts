interface Waiter {
  readonly joins: boolean;
  go(): void;
}

/**
 * Those who wait for a connection, in the order in which they came. One at a time is called: all but one of many would wait
 * again. Some may join others who are not done yet, and are called past those who may not.
 */
export class TurnQueue {
  readonly #waiting: Waiter[] = [];
  /** Whether one of them has been called, and has not come yet. */
  #isCalled = false;

  /** Whether nobody comes before one who comes now. `joining`: of those who may join. */
  isFree(joining: boolean): boolean {
    if (this.#isCalled) return false;
    return joining ? !this.#waiting.some(({ joins }) => joins) : this.#waiting.length === 0;
  }

  /** Resolves when one's turn has come: say so with {@link came}, and do at once what you came for. */
  turn(joins: boolean): Promise<void> {
    return new Promise<void>((go) => void this.#waiting.push({ joins, go }));
  }

  came(): void {
    this.#isCalled = false;
  }

  /** Calls the first; with `joining` the first who may join. */
  callNext(joining: boolean): void {
    if (this.#isCalled || this.#waiting.length === 0) return;
    const index = joining ? this.#waiting.findIndex(({ joins }) => joins) : 0;
    if (index < 0) return;
    const [next] = this.#waiting.splice(index, 1);
    this.#isCalled = true;
    next?.go();
  }
}
