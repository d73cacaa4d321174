import { neverWaitForTerminal, type OutputStream } from '@flotilla/kit/output';

/** A terminal that tells how large it is, and when that changes. */
export interface Terminal extends OutputStream {
  readonly rows?: number | undefined;
  on?(event: 'resize', listener: () => void): unknown;
  off?(event: 'resize', listener: () => void): unknown;
}

/** From the cursor, which waits where the status begins, to the end of the screen. */
const erase = '\r\u001b[J';

/**
 * A terminal with a status at its bottom and the log above it. Whatever is written takes the status away, and puts it back below, in one
 * write, so that nothing flickers and every line of the log stays whole. The cursor waits where the status begins: what is erased need not be
 * counted, however often the window has changed its size, and a `^C` is written over. No mode of the terminal is changed, so none is to
 * be put back.
 */
export class LiveScreen {
  /** To write to in place of the terminal itself. */
  readonly stdout: OutputStream;
  readonly stderr: OutputStream;
  readonly #terminal: Terminal;
  readonly #render: (size: { readonly columns: number; readonly rows: number }) => readonly string[];
  readonly #onResize = (): void => this.update();
  #status = '';
  #isShown = false;
  /** Whether what was written last has ended its line. */
  #isAtLineStart = true;
  #isOpen = true;

  /** `render` makes the lines of the status, each narrower than the terminal. */
  constructor(
    streams: { readonly stdout: Terminal; readonly stderr: OutputStream },
    render: (size: { readonly columns: number; readonly rows: number }) => readonly string[],
  ) {
    this.#terminal = streams.stdout;
    this.#render = render;
    neverWaitForTerminal(streams.stdout);
    this.stdout = this.#above();
    // Both are this terminal: only one of them can know where the status is.
    this.stderr = streams.stderr.isTTY === true ? this.#above() : streams.stderr;
    this.#terminal.on?.('resize', this.#onResize);
  }

  /** Shows the status anew: something has changed. */
  update(): void {
    if (!this.#isOpen) return;
    // A terminal that has not been told its size says 0.
    const lines = this.#render({ columns: this.#terminal.columns || 80, rows: this.#terminal.rows || 24 });
    const up = lines.length > 1 ? `\u001b[${lines.length - 1}A` : '';
    const status = lines.length === 0 ? '' : `${lines.join('\n')}\r${up}`;
    if (this.#isAtLineStart && (status !== this.#status || !this.#isShown)) {
      this.#terminal.write(`${this.#isShown ? erase : ''}${status}`);
      this.#isShown = status !== '';
    }
    this.#status = status;
  }

  /** Takes the status away for good. What is written from now on is written as it is. */
  close(): void {
    if (!this.#isOpen) return;
    this.#isOpen = false;
    this.#terminal.off?.('resize', this.#onResize);
    if (this.#isShown) this.#terminal.write(erase);
    this.#isShown = false;
  }

  #write(text: string): void {
    if (!this.#isOpen) {
      this.#terminal.write(text);
      return;
    }
    const before = this.#isShown ? erase : '';
    this.#isAtLineStart = text.endsWith('\n');
    this.#isShown = this.#isAtLineStart && this.#status !== '';
    this.#terminal.write(`${before}${text}${this.#isShown ? this.#status : ''}`);
  }

  #above(): OutputStream {
    const terminal = this.#terminal;
    return {
      isTTY: true,
      get columns() {
        return terminal.columns;
      },
      get writableLength() {
        return terminal.writableLength;
      },
      once: (event, listener) => terminal.once?.(event, listener),
      write: (text) => this.#write(text),
    };
  }
}
