import { Writable } from 'node:stream';

/** A stream for text, such as `process.stdout`. A stream that does not report its buffer counts as one that is read. */
export interface OutputStream {
  write(text: string): unknown;
  readonly isTTY?: boolean | undefined;
  /** The current width of the terminal. */
  readonly columns?: number | undefined;
  /** How much was written but not taken yet. */
  readonly writableLength?: number | undefined;
  once?(event: 'drain', listener: () => void): unknown;
}

/** How much a line matters: if nobody reads the output, `plain` lines are dropped first. */
export type Importance = 'plain' | 'important';

/** How much may wait in one stream before lines are dropped. Bytes, or characters if the stream counts those. */
export interface OutputLimits {
  /** Default 2 MiB: the lines of about 10,000 requests, so that a reader that pauses for a moment loses nothing. */
  readonly plainBytes: number;
  /** For `important` lines. Default 4 MiB: errors are still kept when everything else is dropped. */
  readonly importantBytes: number;
}

const defaultLimits: OutputLimits = { plainBytes: 2 * 1024 * 1024, importantBytes: 4 * 1024 * 1024 };

/**
 * A stream that may not be read: a pipe whose reader is stuck, or a stopped terminal. Node keeps unread output in memory without
 * a limit, and blocks the process while it writes to a terminal. This class drops and counts lines beyond a limit, and never
 * waits.
 */
export class BoundedOutput {
  readonly #stream: OutputStream;
  readonly #onResumed: (droppedLines: number) => void;
  readonly #limits: OutputLimits;
  #dropped = 0;

  /** `onResumed` is called when lines are accepted again, with the number of dropped ones. */
  constructor(stream: OutputStream, onResumed: (droppedLines: number) => void, limits: OutputLimits = defaultLimits) {
    this.#stream = stream;
    this.#onResumed = onResumed;
    this.#limits = limits;
    neverWaitForTerminal(stream);
    writeEachAlone(stream);
  }

  /** The width of the terminal; undefined if it is not a terminal, or does not know its width. */
  get columns(): number | undefined {
    return this.#stream.isTTY === true ? this.#stream.columns || undefined : undefined;
  }

  /** Whether `lines` lines may be written now; if not, they are counted as dropped and need not be formatted. */
  admits(importance: Importance, lines = 1): boolean {
    const waiting = this.#stream.writableLength ?? 0;
    const { plainBytes, importantBytes } = this.#limits;
    const limit = importance === 'important' ? importantBytes : plainBytes;
    // Once lines are dropped, keep dropping until half of the waiting output is taken.
    if (waiting < (this.#dropped > 0 && importance === 'plain' ? limit / 2 : limit)) {
      if (waiting < plainBytes / 2) this.#resume();
      return true;
    }
    // Reported even if nothing is written after that.
    if (this.#dropped === 0) this.#stream.once?.('drain', () => this.#resume());
    this.#dropped += lines;
    return false;
  }

  /** Writes whole lines. Call {@link admits} first. */
  write(text: string): void {
    this.#stream.write(text);
  }

  #resume(): void {
    const dropped = this.#dropped;
    if (dropped === 0) return;
    this.#dropped = 0;
    this.#onResumed(dropped);
  }
}

/**
 * Node's writes to a terminal are synchronous. That keeps the output of two processes in order, but blocks the program when
 * somebody stops the terminal (Ctrl-S).
 */
export function neverWaitForTerminal(stream: OutputStream): void {
  if (stream.isTTY !== true) return;
  // Node has no public name for it. Where it is missing, writes still block.
  const { _handle: handle } = stream as { readonly _handle?: { setBlocking?(blocking: boolean): unknown } };
  handle?.setBlocking?.(false);
}

/**
 * All workers of a program write to the output of their primary. The system takes a line as a whole or not at all: up to
 * 4 KiB into a pipe, about 32 KiB into a socket, which is what Node gives a child process on Linux. Node would join waiting
 * lines into one large write, of which the system may take a part; then half a line is followed by those of another worker.
 */
function writeEachAlone(stream: OutputStream): void {
  // What a stream has that cannot join: https://nodejs.org/api/stream.html#writable_writevchunks-callback
  if (stream instanceof Writable) Object.assign(stream, { _writev: null });
}
