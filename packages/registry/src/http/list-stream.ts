import { PacedStream, type PacedStreamOptions } from './paced-stream.ts';

/** The bytes of one long list: a JSON array that is never one string. */
export class ListStream extends PacedStream {
  readonly #pieces: Iterator<string, void, void>;
  protected override readonly silenceMs: number = Number.POSITIVE_INFINITY;

  /** @param elements the JSON of each element */
  constructor(elements: Iterable<string>, options: PacedStreamOptions) {
    super(options);
    this.#pieces = arrayOf(elements);
    this.whole(true);
    this.begin();
  }

  protected override nextPiece(): string | null {
    const piece = this.#pieces.next();
    return piece.done === true ? null : piece.value;
  }

  /** A list that has been given in full is over. */
  protected override afterSilence(): undefined {
    return undefined;
  }
}

function* arrayOf(elements: Iterable<string>): Generator<string, void, void> {
  let before = '[';
  for (const element of elements) {
    yield before + element;
    before = ',';
  }
  yield before === '[' ? '[]' : ']';
}
