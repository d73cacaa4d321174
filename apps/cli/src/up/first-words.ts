/** More than any configuration message; the rest of a chatty program is not kept. */
const mostCharacters = 16 * 1024;

/** Remembers what a process says on stderr during its start, in case it is why it can't start. */
export class FirstWords {
  #text = '';

  /** Takes the next bytes. */
  push(chunk: Uint8Array): void {
    if (this.#text.length < mostCharacters) this.#text += Buffer.from(chunk).toString('utf8');
  }

  /** Forgets all: the process is ready, or starts again. */
  clear(): void {
    this.#text = '';
  }

  /** What was said. */
  get text(): string {
    return this.#text.trim();
  }
}
