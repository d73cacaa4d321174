import { prettyLine } from '@flotilla/kit/pretty-line';

/** More than a test reads; of a chattier program the beginning is forgotten. */
const mostCharacters = 4 * 1024 * 1024;
/** As many as help where something has failed. */
const shownLines = 40;

/** What one program has written, over all its starts. */
export class ProgramOutput {
  #text = '';
  readonly #decoders = { stdout: new TextDecoder(), stderr: new TextDecoder() };

  /** Takes the next bytes. */
  push(from: 'stdout' | 'stderr', chunk: Uint8Array): void {
    // A character may have been cut in two.
    this.#text += this.#decoders[from].decode(chunk, { stream: true });
    if (this.#text.length > mostCharacters) this.#text = this.#text.slice(-mostCharacters / 2);
  }

  get text(): string {
    return this.#text;
  }

  /** The last lines, as people read them. */
  get tail(): string {
    const lines = this.#text.trimEnd().split('\n').slice(-shownLines);
    if (lines.length === 1 && lines[0] === '') return '    (nothing)';
    return lines.map((line) => `    ${prettyLine(line, { colour: false, detail: 'full' })}`).join('\n');
  }
}
