interface Flight {
  /** Settles with the work, whatever becomes of it. */
  readonly ended: Promise<void>;
  /** The work that begins next, for those who came meanwhile. */
  next: Promise<unknown> | undefined;
}

/**
 * Shares work between those who want the same at the same time. Work that is under way may have looked already when the next
 * one asks, and would then miss what was written in between; so who comes during it shares the work that follows it.
 */
export class Flights {
  readonly #flights = new Map<string, Flight>();

  /** Runs `work`, or shares that of another call with the same key and kind of result. `joined` is called in that case. */
  run<T>(key: string, work: () => Promise<T>, joined?: () => void): Promise<T> {
    const current = this.#flights.get(key);
    if (current === undefined) return this.#begin(key, work);
    if (current.next === undefined) current.next = current.ended.then(() => this.#begin(key, work));
    else joined?.();
    // Whoever uses one key has one kind of result.
    return current.next as Promise<T>;
  }

  #begin<T>(key: string, work: () => Promise<T>): Promise<T> {
    const result = work();
    const end = (): void => {
      if (flight.next === undefined) this.#flights.delete(key);
    };
    const flight: Flight = { ended: result.then(end, end), next: undefined };
    this.#flights.set(key, flight);
    return result;
  }
}
