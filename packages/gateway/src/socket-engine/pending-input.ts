/** What is kept of requests sent ahead before the connection is no longer read. */
const maxPipelinedBytes = 65_536;

/** What a client has sent behind the request that is being answered. */
export class PendingInput {
  #parts: Buffer[] = [];
  #bytes = 0;

  get empty(): boolean {
    return this.#bytes === 0;
  }

  /** Whether so much is kept that no more should be read. */
  get full(): boolean {
    return this.#bytes >= maxPipelinedBytes;
  }

  add(bytes: Buffer): void {
    this.#parts.push(bytes);
    this.#bytes += bytes.length;
  }

  /** All of it, which is then gone from here. */
  take(): Buffer {
    const [first] = this.#parts;
    const bytes = this.#parts.length === 1 && first !== undefined ? first : Buffer.concat(this.#parts);
    this.clear();
    return bytes;
  }

  clear(): void {
    this.#parts = [];
    this.#bytes = 0;
  }
}
