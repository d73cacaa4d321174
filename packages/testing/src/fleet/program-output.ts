import { prettyLine } from '@flotilla/kit/pretty-line';

/** More than a test reads. Beyond this, the oldest output is dropped. */
const mostCharacters = 4 * 1024 * 1024;
/** How many lines an error message shows. */
const shownLines = 40;

/** The output of one program, across restarts. */
export class ProgramOutput {
  #text = '';
  readonly #decoders = { stdout: new TextDecoder(), stderr: new TextDecoder() };

  /** Takes the next bytes. */
  push(from: 'stdout' | 'stderr', chunk: Uint8Array): void {
    // A chunk may end in the middle of a character.
    this.#text += this.#decoders[from].decode(chunk, { stream: true });
    if (this.#text.length > mostCharacters) this.#text = this.#text.slice(-mostCharacters / 2);
  }

  get text(): string {
    return this.#text;
  }

  /** The last lines, formatted for people. */
  get tail(): string {
    const lines = this.#text.trimEnd().split('\n').slice(-shownLines);
    if (lines.length === 1 && lines[0] === '') return '    (nothing)';
    return lines.map((line) => `    ${prettyLine(line, { colour: false, detail: 'full' })}`).join('\n');
  }
}
