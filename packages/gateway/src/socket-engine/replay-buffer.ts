/** What is kept of a request's body for another attempt: as much as one read of a socket brings. */
const maxKeptBytes = 65_536;

/**
 * The beginning of a request's body, kept until it is clear that it need not be sent again. A body that fits is sent
 * once more as it was; of a longer one nothing is kept from the moment its first part has left.
 */
export class ReplayBuffer {
  #kept: Buffer[] = [];
  #bytes = 0;
  #complete = true;

  /** Whether all of the body so far is here. */
  get complete(): boolean {
    return this.#complete;
  }

  /** Whether there is room for more: a sender that is not connected yet should stop reading otherwise. */
  get full(): boolean {
    return this.#bytes >= maxKeptBytes;
  }

  get parts(): readonly Buffer[] {
    return this.#kept;
  }

  add(bytes: Buffer): void {
    if (!this.#complete) return;
    this.#kept.push(bytes);
    this.#bytes += bytes.length;
  }

  /** What is kept has been written to an upstream: lets it go if it is too much to keep. */
  written(): void {
    if (this.#bytes <= maxKeptBytes) return;
    this.clear();
    this.#complete = false;
  }

  /** Nothing will be sent again. */
  clear(): void {
    this.#kept = [];
    this.#bytes = 0;
  }
}
