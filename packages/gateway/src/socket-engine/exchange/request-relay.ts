import { AppError, type Clock } from '@flotilla/contracts';
import { CRLF, chunkHeader, lastChunk } from '@flotilla/http1';
import type { HeaderList } from '../../headers/header-list.ts';
import { type ForwardingRules, upstreamRequestFields, upstreamTrailers } from '../../headers/request-fields.ts';
import type { RequestIdentity } from '../../headers/request-head.ts';
import { ReplayBuffer } from '../memory/replay-buffer.ts';
import type { IncomingRequest } from '../sides/incoming-request.ts';
import type { UpstreamConnection } from '../upstream/upstream-connection.ts';
import { BodyPace, type PaceParts } from './body-pace.ts';
import { requestHeadText } from './request-head-text.ts';

/** A request on its way up: written anew for each attempt, its body as it arrives from the client. */
export class RequestRelay {
  /** Whether all of the request has arrived from the client. */
  ended: boolean;
  /** Whether the client waits for 100 (Continue), and so can't be blamed for a silence. */
  awaitsContinue: boolean;
  readonly #incoming: IncomingRequest;
  readonly #clock: Clock;
  /** Undefined without a body, as is what follows. */
  readonly #pace: BodyPace | undefined;
  readonly #chunked: boolean;
  readonly #replay: ReplayBuffer | undefined;
  #headText = '';
  #trailers: HeaderList = [];

  /** @param bytesPerSecond the least rate of its body; 0 = none */
  constructor(incoming: IncomingRequest, parts: PaceParts, bytesPerSecond: number) {
    this.#clock = parts.clock;
    this.#incoming = incoming;
    this.ended = incoming.framing === 'none';
    this.awaitsContinue = incoming.expectContinue;
    this.#chunked = incoming.framing === 'chunked';
    this.#pace = this.ended ? undefined : new BodyPace(parts, bytesPerSecond);
    this.#replay = this.ended ? undefined : new ReplayBuffer();
  }

  /** Whether all of it so far can be sent once more. */
  get replayable(): boolean {
    return this.#replay === undefined || this.#replay.complete;
  }

  /** Whether so much waits for a connection that no more should be read. */
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

  /** What a sender is told that has used up its time. */
  get tooSlow(): AppError {
    return this.#pace?.error ?? new AppError('REQUEST_TIMEOUT');
  }

  /** Makes the head, which is the same in each attempt. */
  prepare(target: string, identity: RequestIdentity, rules: ForwardingRules): void {
    const fields = upstreamRequestFields(this.#incoming.head, identity, rules);
    this.#incoming.edits?.applyTo(fields);
    this.#headText = requestHeadText(this.#incoming, target, fields);
  }

  /** Sends all that is there, from its beginning. */
  sendFromStart(connection: UpstreamConnection): void {
    const replay = this.#replay;
    if (replay === undefined) return connection.out.whole(this.#headText);
    connection.out.cork();
    connection.out.text(this.#headText);
    for (const part of replay.parts) this.#send(connection, part);
    if (this.ended) this.#sendEnd(connection);
    connection.out.uncork();
    replay.written();
  }

  /** Part of the body has arrived; it waits if there is no connection yet. */
  add(bytes: Buffer, connection: UpstreamConnection | undefined): void {
    this.awaitsContinue = false;
    this.#replay?.add(bytes);
    this.#pace?.received(bytes.length, this.#clock.monotonicMs());
    if (connection === undefined) return;
    this.#send(connection, bytes);
    this.#replay?.written();
  }

  end(trailers: HeaderList, connection: UpstreamConnection | undefined): void {
    this.ended = true;
    if (trailers.length > 0) {
      const kept = upstreamTrailers(trailers);
      this.#trailers = this.#incoming.edits?.applyToTrailers(kept) ?? kept;
    }
    if (connection !== undefined) this.#sendEnd(connection);
  }

  /** The answer has begun: nothing will be sent again. */
  answered(): void {
    this.#replay?.clear();
  }

  #send(connection: UpstreamConnection, bytes: Buffer): void {
    if (!this.#chunked) return connection.out.bytes(bytes);
    connection.out.cork();
    connection.out.text(chunkHeader(bytes.length));
    connection.out.bytes(bytes);
    connection.out.text(CRLF);
    connection.out.uncork();
  }

  #sendEnd(connection: UpstreamConnection): void {
    if (this.#chunked) connection.out.text(lastChunk(this.#trailers));
    connection.out.end();
  }
}
