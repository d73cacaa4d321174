/** What is kept of a request's body for another attempt: as much as one read of a socket brings. */
const maxKeptBytes = 65_536;
/** Parts below this are gathered: each would cost some hundred bytes, and keep what it was read with. */
const smallPartBytes = 1_024;
const gatheredBytes = 4_096;

/**
 * The beginning of a request's body, kept until it is clear that it need not be sent again. A body that fits is sent
 * once more as it was; of a longer one nothing is kept from the moment its first part has left.
 */
export class ReplayBuffer {
  #kept: Buffer[] = [];
  #bytes = 0;
  #complete = true;
  /** Where small parts are gathered, and how much of it is used; its used part is the last of those kept. */
  #gathered: Buffer | undefined;
  #used = 0;

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
    this.#bytes += bytes.length;
    // Most bodies come in one part.
    if (this.#kept.length > 0 && bytes.length < smallPartBytes) return this.#gather(bytes);
    this.#gathered = undefined;
    this.#kept.push(bytes);
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
    this.#gathered = undefined;
  }

  #gather(bytes: Buffer): void {
    if (this.#gathered === undefined || this.#used + bytes.length > gatheredBytes) {
      this.#gathered = Buffer.allocUnsafeSlow(gatheredBytes);
      this.#used = 0;
    } else this.#kept.pop();
    bytes.copy(this.#gathered, this.#used);
    this.#used += bytes.length;
    this.#kept.push(this.#gathered.subarray(0, this.#used));
  }
}
