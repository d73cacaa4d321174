import type { ServiceInstance } from '@flotilla/contracts';
import { type InstanceTexts, joined } from './instance-texts.ts';
import { PacedStream, type PacedStreamOptions } from './paced-stream.ts';

/** The bytes of one long list of instances: a JSON array that is never one string. */
export class ListStream extends PacedStream {
  readonly #pieces: Iterator<string, void, void>;
  protected override readonly silenceMs: number = Number.POSITIVE_INFINITY;

  constructor(instances: readonly ServiceInstance[], texts: InstanceTexts, options: PacedStreamOptions) {
    super(options);
    this.#pieces = arrayOf(joined(instances, texts));
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
  yield '[';
  yield* elements;
  yield ']';
}
