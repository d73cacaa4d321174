/** How a character looks. Colours are the terminal's 16, by number. */
export interface Look {
  readonly colour: number | undefined;
  readonly bold: boolean;
  readonly dim: boolean;
}

/** One place of the screen. A character of double width has an empty place after it. */
export interface Cell {
  readonly character: string;
  readonly look: Look;
}

const plain: Look = { colour: undefined, bold: false, dim: false };
const blank: Cell = { character: ' ', look: plain };
const wide = /[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6]/;

// Control characters are what a terminal is about.
/* oxlint-disable no-control-regex */
/** A control sequence, a title, another escape, the beginning of one of them, or one character. */
const tokenPattern = /\x1b\[([\d;?]*)([@-~])|\x1b\].*?(?:\x07|\x1b\\)|\x1b[()].|\x1b[^[\]()]|\x1b.*$|[^\x1b]/gsu;
const unfinished = /^\x1b(?:$|[()]$|\[[\d;?]*$|\][^\x07]*(?<!\x1b\\)$)/;
/* oxlint-enable no-control-regex */

/** What a terminal shows: enough of one for programs that write lines, colour them, and redraw some of them. */
export class Screen {
  readonly #rows: Cell[][] = [[]];
  #row = 0;
  #column = 0;
  #look = plain;
  /** The beginning of a sequence whose end has not arrived yet. */
  #pending = '';

  /** Takes what a program writes, in pieces of any size. */
  write(text: string): void {
    const input = this.#pending + text;
    const tokens = input.matchAll(tokenPattern);
    this.#pending = '';
    for (const [token, parameters, final] of tokens) {
      if (final !== undefined) this.#control(final, parameters ?? '');
      else if (!token.startsWith('\x1b')) this.#show(token);
      else if (unfinished.test(token)) this.#pending = token;
    }
  }

  /** The rows down to the last one that shows something, each down to its last character. */
  rows(): readonly (readonly Cell[])[] {
    const isShown = (cell: Cell): boolean => cell.character !== ' ' && cell.character !== '';
    const rows = this.#rows.map((row) => row.slice(0, row.findLastIndex(isShown) + 1));
    return rows.slice(0, rows.findLastIndex((row) => row.length > 0) + 1);
  }

  text(): string {
    return this.rows()
      .map((row) => row.map(({ character }) => character).join(''))
      .join('\n');
  }

  #show(character: string): void {
    if (character === '\n') this.#moveTo(this.#row + 1, this.#column);
    else if (character === '\r') this.#column = 0;
    else if (character === '\b') this.#column = Math.max(0, this.#column - 1);
    else if (character >= ' ') {
      this.#put(character);
      if (wide.test(character)) this.#put('');
    }
  }

  #put(character: string): void {
    const row = this.#rows[this.#row] ?? [];
    while (row.length < this.#column) row.push(blank);
    row[this.#column] = { character, look: this.#look };
    this.#column += 1;
  }

  #moveTo(row: number, column: number): void {
    this.#row = Math.max(0, row);
    this.#column = Math.max(0, column);
    while (this.#rows.length <= this.#row) this.#rows.push([]);
  }

  #control(final: string, parameters: string): void {
    const numbers = parameters.split(';').map(Number);
    const count = Math.max(1, numbers[0] ?? 1);
    if (final === 'm') this.#paint(numbers);
    else if (final === 'A') this.#moveTo(this.#row - count, this.#column);
    else if (final === 'B') this.#moveTo(this.#row + count, this.#column);
    else if (final === 'C') this.#moveTo(this.#row, this.#column + count);
    else if (final === 'D') this.#moveTo(this.#row, this.#column - count);
    else if (final === 'F') this.#moveTo(this.#row - count, 0);
    else if (final === 'G') this.#moveTo(this.#row, count - 1);
    else if (final === 'H') this.#moveTo(count - 1, Math.max(1, numbers[1] ?? 1) - 1);
    else if (final === 'K') this.#erase(numbers[0] ?? 0);
    else if (final === 'J') {
      this.#erase(0);
      this.#rows.length = this.#row + 1;
    }
  }

  /** Erases a part of the row: from the cursor on (0), up to it (1), or all (2). */
  #erase(part: number): void {
    const row = this.#rows[this.#row];
    if (row === undefined) return;
    if (part === 0) row.length = Math.min(row.length, this.#column);
    else row.fill(blank, 0, part === 1 ? this.#column + 1 : row.length);
  }

  #paint(numbers: readonly number[]): void {
    for (const number of numbers) {
      if (number === 0) this.#look = plain;
      else if (number === 1) this.#look = { ...this.#look, bold: true };
      else if (number === 2) this.#look = { ...this.#look, dim: true };
      else if (number === 22) this.#look = { ...this.#look, bold: false, dim: false };
      else if (number === 39) this.#look = { ...this.#look, colour: undefined };
      else if (number >= 30 && number <= 37) this.#look = { ...this.#look, colour: number - 30 };
      else if (number >= 90 && number <= 97) this.#look = { ...this.#look, colour: number - 82 };
    }
  }
}
