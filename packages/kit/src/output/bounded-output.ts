import { Writable } from 'node:stream';

/** What text is written to; `process.stdout` is one. A stream that says nothing of itself counts as one that is read. */
export interface OutputStream {
  write(text: string): unknown;
  readonly isTTY?: boolean | undefined;
  /** How wide a terminal is, now. */
  readonly columns?: number | undefined;
  /** What was written and has not been taken yet. */
  readonly writableLength?: number | undefined;
  once?(event: 'drain', listener: () => void): unknown;
}

/** How much a line matters: of what nobody reads, `plain` lines are dropped first. */
export type Importance = 'plain' | 'important';

/** How much may wait in one stream until lines are dropped. Bytes, or characters where the stream counts those. */
export interface OutputLimits {
  /** Default 2 MiB: some 10,000 requests' lines, which a reader who was away for a moment still gets. */
  readonly plainBytes: number;
  /** For `important` lines. Default 4 MiB: errors go on being kept when all else is dropped. */
  readonly importantBytes: number;
}

const defaultLimits: OutputLimits = { plainBytes: 2 * 1024 * 1024, importantBytes: 4 * 1024 * 1024 };

/**
 * A stream that may not be read: a pipe whose reader is stuck, a terminal that was stopped. Node keeps what is not taken
 * in memory, without a bound, and to a terminal it waits with everything else standing still. Here lines beyond a bound
 * are dropped and counted, and nothing ever waits.
 */
export class BoundedOutput {
  readonly #stream: OutputStream;
  readonly #onResumed: (droppedLines: number) => void;
  readonly #limits: OutputLimits;
  #dropped = 0;

  /** `onResumed` is called when lines are taken again, with the number of those that were dropped. */
  constructor(stream: OutputStream, onResumed: (droppedLines: number) => void, limits: OutputLimits = defaultLimits) {
    this.#stream = stream;
    this.#onResumed = onResumed;
    this.#limits = limits;
    neverWaitForTerminal(stream);
    writeEachAlone(stream);
  }

  /** How wide the terminal is that it goes to; undefined: it goes to none, or to one that does not know. */
  get columns(): number | undefined {
    return this.#stream.isTTY === true ? this.#stream.columns || undefined : undefined;
  }

  /** Whether `lines` lines may be written now; if not, they are counted as dropped and need not even be made. */
  admits(importance: Importance, lines = 1): boolean {
    const waiting = this.#stream.writableLength ?? 0;
    const { plainBytes, importantBytes } = this.#limits;
    const limit = importance === 'important' ? importantBytes : plainBytes;
    // Once lines are dropped, it goes on in one piece: not before half of what waits has been taken.
    if (waiting < (this.#dropped > 0 && importance === 'plain' ? limit / 2 : limit)) {
      if (waiting < plainBytes / 2) this.#resume();
      return true;
    }
    // Also told when nobody has anything to write after that.
    if (this.#dropped === 0) this.#stream.once?.('drain', () => this.#resume());
    this.#dropped += lines;
    return false;
  }

  /** Writes whole lines. Ask {@link admits} before. */
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
 * Node makes its writes to a terminal wait until they are done. That keeps the order of what two processes write, and
 * stops the program when somebody stops the terminal (Ctrl-S).
 */
export function neverWaitForTerminal(stream: OutputStream): void {
  if (stream.isTTY !== true) return;
  // Node has no public name for it. Where it is missing, the terminal is waited for as before.
  const { _handle: handle } = stream as { readonly _handle?: { setBlocking?(blocking: boolean): unknown } };
  handle?.setBlocking?.(false);
}

/**
 * All workers of a program write to the output of their primary. The system takes a line whole or not at all: up to 4 KiB
 * into a pipe, some 32 KiB into a socket, which is what Node gives a child process on Linux. Node would join the lines that
 * wait for the reader into one large write; of that a part is taken, and another worker's lines come behind half a line.
 */
function writeEachAlone(stream: OutputStream): void {
  // What a stream has that cannot join: https://nodejs.org/api/stream.html#writable_writevchunks-callback
  if (stream instanceof Writable) Object.assign(stream, { _writev: null });
}
