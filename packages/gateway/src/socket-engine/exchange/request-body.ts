import { AppError } from '@flotilla/contracts';
import type { ProxyRoute } from '../../config/proxy-route.ts';
import type { FieldEdits } from '../../headers/field-edits.ts';
import type { HeaderList } from '../../headers/header-list.ts';
import { upstreamTrailers } from '../../headers/request-fields.ts';
import { ReplayBuffer } from '../memory/replay-buffer.ts';
import type { IncomingRequest } from '../sides/incoming-request.ts';
import type { UpstreamSide } from '../sides/upstream-side.ts';
import { BodyPace } from './body-pace.ts';
import type { EngineParts } from './engine-parts.ts';

/** The body of a request on its way up: as it arrives from the client, and from its beginning in each further attempt. */
export class RequestBody {
  /** Whether all of it has arrived. */
  ended = false;
  /** Whether the client waits for 100 (Continue), and so can't be blamed for a silence. */
  awaitsContinue: boolean;
  /** Whether no upstream is asked yet, because more of it has to come first. */
  readFirst = false;
  readonly #route: ProxyRoute;
  readonly #contentLength: number;
  readonly #edits: FieldEdits | undefined;
  readonly #clock: EngineParts['clock'];
  readonly #pace: BodyPace;
  readonly #replay = new ReplayBuffer();
  #receivedBytes = 0;
  #trailers: HeaderList = [];

  constructor({ contentLength, edits, expectContinue }: IncomingRequest, parts: EngineParts, route: ProxyRoute) {
    this.#route = route;
    this.#contentLength = contentLength;
    this.#edits = edits;
    this.#clock = parts.clock;
    this.awaitsContinue = expectContinue;
    this.#pace = new BodyPace(parts, route.bodyBytesPerSecond);
  }

  /** Why it can't be passed on: it is larger than its route allows, or says that it will be. */
  get tooLarge(): AppError | undefined {
    const { bodyLimitBytes: limitBytes } = this.#route;
    if (limitBytes === 0 || Math.max(this.#contentLength, this.#receivedBytes) <= limitBytes) return undefined;
    return new AppError('PAYLOAD_TOO_LARGE', { parameters: { limitBytes } });
  }

  /** Whether all of it so far can be sent once more. */
  get replayable(): boolean {
    return this.#replay.complete;
  }

  /** Whether so much waits for a stream that no more should be read. */
  get full(): boolean {
    return this.#replay.full;
  }

  /** Whether an upstream may be asked: where a route reads first, once the whole has come, or as much as is kept of it. */
  get fit(): boolean {
    // Whether the body may come at all is for the upstream to say.
    return !this.#route.readBodyFirst || this.ended || this.full || this.awaitsContinue;
  }

  /** How long the sender may take for more of it; `still`: it was waited for already. */
  patienceMs(still: boolean): number {
    const nowMs = this.#clock.monotonicMs();
    if (!still) this.#pace.resume(nowMs);
    return this.#pace.leftMs(nowMs);
  }

  /** What a sender is told that has used up its time; `total`: that of its route for the whole exchange. */
  lateError(total: boolean): AppError {
    if (!total) return this.#pace.error;
    const detail = 'The request did not arrive completely within the time of its route ("totalMs").';
    return new AppError('REQUEST_TIMEOUT', { detail });
  }

  /** Sends all that is there, from its beginning, behind the head. */
  sendFromStart(stream: UpstreamSide): void {
    for (const part of this.#replay.parts) stream.sendBody(part);
    if (this.ended) stream.sendEnd(this.#trailers);
    stream.flush();
    this.#replay.written();
  }

  /** Part of it has arrived; it waits if there is no stream yet. Of one that is too large no more is taken. */
  add(bytes: Buffer, stream: UpstreamSide | undefined): void {
    this.#receivedBytes += bytes.length;
    if (this.tooLarge !== undefined) return;
    this.awaitsContinue = false;
    this.#replay.add(bytes);
    this.#pace.received(bytes.length, this.#clock.monotonicMs());
    if (stream === undefined) return;
    stream.sendBody(bytes);
    this.#replay.written();
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
    this.#replay.clear();
  }
}
