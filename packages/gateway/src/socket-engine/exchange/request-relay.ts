import { AppError } from '@flotilla/contracts';
import type { FieldEdits } from '../../headers/field-edits.ts';
import type { HeaderList } from '../../headers/header-list.ts';
import { upstreamTrailers } from '../../headers/request-fields.ts';
import { ReplayBuffer } from '../memory/replay-buffer.ts';
import type { OutgoingRequest, UpstreamSide } from '../sides/upstream-side.ts';
import { BodyPace } from './body-pace.ts';
import type { EngineParts } from './engine-parts.ts';

/** A request on its way up: sent anew in each attempt, its body as it arrives from the client. */
export class RequestRelay {
  /** Whether all of the request has arrived from the client. */
  ended: boolean;
  /** Whether the client waits for 100 (Continue), and so can't be blamed for a silence. */
  awaitsContinue: boolean;
  readonly #request: OutgoingRequest;
  readonly #edits: FieldEdits | undefined;
  readonly #clock: EngineParts['clock'];
  /** Undefined without a body, as is what follows. */
  readonly #pace: BodyPace | undefined;
  readonly #replay: ReplayBuffer | undefined;
  #trailers: HeaderList = [];

  /**
   * @param edits what policies change of its trailers
   * @param bytesPerSecond the least rate of its body; 0 = none
   */
  constructor(request: OutgoingRequest, edits: FieldEdits | undefined, parts: EngineParts, bytesPerSecond: number) {
    this.#request = request;
    this.#edits = edits;
    this.#clock = parts.clock;
    this.ended = !request.hasBody;
    this.awaitsContinue = request.expectContinue;
    this.#pace = this.ended ? undefined : new BodyPace(parts, bytesPerSecond);
    this.#replay = this.ended ? undefined : new ReplayBuffer();
  }

  /** Whether all of it so far can be sent once more. */
  get replayable(): boolean {
    return this.#replay === undefined || this.#replay.complete;
  }

  /** Whether so much waits for a stream that no more should be read. */
  get full(): boolean {
    return this.#replay?.full === true;
  }

  /** Whether all that is to be read before an upstream is asked has come: the whole body, or as much as is kept of it. */
  get fit(): boolean {
    // Whether the body may come at all is for the upstream to say.
    return this.ended || this.full || this.awaitsContinue;
  }

  /** How long the sender may take for more of the body; `still`: it was waited for already. */
  patienceMs(still: boolean): number {
    const nowMs = this.#clock.monotonicMs();
    if (!still) this.#pace?.resume(nowMs);
    return this.#pace?.leftMs(nowMs) ?? 0;
  }

  /** What a sender is told whose request takes longer than its route allows for the whole exchange. */
  get tooLong(): AppError {
    const detail = 'The request had not arrived as a whole when the time of its route was up ("totalMs").';
    return new AppError('REQUEST_TIMEOUT', { detail });
  }

  /** What a sender is told that has used up its time. */
  get tooSlow(): AppError {
    return this.#pace?.error ?? new AppError('REQUEST_TIMEOUT');
  }

  /** Sends all that is there, from its beginning. */
  sendFromStart(stream: UpstreamSide): void {
    stream.sendHead(this.#request);
    const replay = this.#replay;
    if (replay === undefined) return;
    for (const part of replay.parts) stream.sendBody(part);
    if (this.ended) stream.sendEnd(this.#trailers);
    stream.flush();
    replay.written();
  }

  /** Part of the body has arrived; it waits if there is no stream yet. */
  add(bytes: Buffer, stream: UpstreamSide | undefined): void {
    this.awaitsContinue = false;
    this.#replay?.add(bytes);
    this.#pace?.received(bytes.length, this.#clock.monotonicMs());
    if (stream === undefined) return;
    stream.sendBody(bytes);
    this.#replay?.written();
  }

  end(trailers: HeaderList, stream: UpstreamSide | undefined): void {
    this.ended = true;
    if (trailers.length > 0) {
      const kept = upstreamTrailers(trailers);
      this.#trailers = this.#edits?.applyToTrailers(kept) ?? kept;
    }
    stream?.sendEnd(this.#trailers);
  }

  /** The answer has begun: nothing will be sent again. */
  answered(): void {
    this.#replay?.clear();
  }
}
