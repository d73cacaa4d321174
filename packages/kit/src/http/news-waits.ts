/** How long a request has waited for news. */
export class NewsWaits {
  #endedMs = 0;
  #sinceMs: number | undefined;

  /** Until now, in milliseconds. */
  get ms(): number {
    return this.#endedMs + (this.#sinceMs === undefined ? 0 : performance.now() - this.#sinceMs);
  }

  begin(): void {
    this.#sinceMs ??= performance.now();
  }

  end(): void {
    this.#endedMs = this.ms;
    this.#sinceMs = undefined;
  }
}
