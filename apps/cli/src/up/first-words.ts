/** More than any configuration message; the rest of a chatty program is not kept. */
const mostCharacters = 16 * 1024;

/** Keeps what a process writes to stderr while it starts, in case it explains why it cannot start. */
export class FirstWords {
  #text = '';

  /** Takes the next bytes. */
  push(chunk: Uint8Array): void {
    if (this.#text.length < mostCharacters) this.#text += Buffer.from(chunk).toString('utf8');
  }

  /** Drops everything: the process is ready or restarts. */
  clear(): void {
    this.#text = '';
  }

  /** The text so far. */
  get text(): string {
    return this.#text.trim();
  }
}
