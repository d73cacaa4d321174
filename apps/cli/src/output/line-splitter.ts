import { StringDecoder } from 'node:string_decoder';

/** A line longer than this is passed on in pieces, so that output without line ends can't fill the memory. */
const longestLineCharacters = 64 * 1024;

/** Cuts a stream of bytes into lines; a character or a line may arrive in several chunks. */
export class LineSplitter {
  readonly #decoder = new StringDecoder('utf8');
  #rest = '';

  /** The lines `chunk` completes, without their ends. */
  push(chunk: Uint8Array): string[] {
    const lines = (this.#rest + this.#decoder.write(chunk)).split('\n');
    this.#rest = lines.pop() ?? '';
    while (this.#rest.length > longestLineCharacters) {
      lines.push(this.#rest.slice(0, longestLineCharacters));
      this.#rest = this.#rest.slice(longestLineCharacters);
    }
    return lines.map((line) => (line.endsWith('\r') ? line.slice(0, -1) : line));
  }

  /** What is left when the stream has ended: a last line without an end, or nothing. */
  end(): string[] {
    const last = this.#rest + this.#decoder.end();
    this.#rest = '';
    return last === '' ? [] : [last];
  }
}
