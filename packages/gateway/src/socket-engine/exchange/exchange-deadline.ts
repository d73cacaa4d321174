import type { Clock } from '@flotilla/contracts';
import type { TimeoutPhase } from '../../attempt/outcome.ts';
import type { RouteTimeouts } from '../../config/timeouts.ts';
import type { CutEnding } from '../../exchange/exchange-record.ts';
import type { ClientSide } from '../sides/client-side.ts';
import type { AttemptFailure } from '../sides/response-sink.ts';
import type { UpstreamSide } from '../sides/upstream-side.ts';
import type { EngineParts } from './engine-parts.ts';
import type { AnswerProgress } from './relayed-answer.ts';
import type { RequestBody } from './request-body.ts';

/** Whose deadline it is. */
export interface DeadlineOwner {
  /** Calls back once, `delayMs` from now, instead of what was set before. */
  setDeadline(delayMs: number): void;
}

/** What a deadline needs of them. */
type DeadlineParts = Pick<EngineParts, 'writeProgressMs'> & { readonly clock: Clock };

/** What an exchange waits for. */
export type Phase =
  | 'connect'
  | 'first-byte'
  | 'progress'
  | 'request-body'
  | 'upstream-write'
  | 'client-write'
  | 'tunnel';

/** What a deadline that has come means for its exchange. */
export type DeadlineVerdict =
  /** The receiver took something, if slowly: that is its right. */
  | 'wait-on'
  /** A tunnel may have been quiet for too long. */
  | 'tunnel-quiet'
  /** The attempt took too long, or the whole exchange did. */
  | 'attempt-late'
  /** The request's body stopped arriving, or is not here when the whole exchange should be over. */
  | 'request-late'
  /** The client takes nothing. */
  | 'client-stalled'
  /** Either side could go on, and neither does: no fault of the upstream's alone. */
  | 'timed-out';

/** The one deadline of an exchange: that of its phase, or that of the whole if it comes first. */
export class ExchangeDeadline {
  phase: Phase = 'connect';
  /** Whether what is due next is the whole exchange's end, not the phase's. */
  total = false;
  readonly #parts: DeadlineParts;
  readonly #owner: DeadlineOwner;
  readonly #timeouts: RouteTimeouts;
  readonly #silenceMs: number;
  readonly #totalDueMs: number;
  /** What had not left when the wait for a slow receiver began: while it shrinks, the receiver takes something. */
  #unsentBytes = 0;
  /** A silence is looked into early, and a long one seldom: it is waited for in pieces, each twice as long as the last. */
  #pieceMs = 0;
  #leftMs = 0;

  /**
   * @param silenceMs after how much of the wait for the first byte the silence is looked into
   * @param totalDueMs when the whole has to be over: monotonic, infinite where it has no end
   */
  constructor(
    parts: DeadlineParts,
    owner: DeadlineOwner,
    timeouts: RouteTimeouts,
    silenceMs: number,
    totalDueMs: number,
  ) {
    this.#parts = parts;
    this.#owner = owner;
    this.#timeouts = timeouts;
    this.#silenceMs = silenceMs;
    this.#totalDueMs = totalDueMs;
  }

  /** What has run out, in the words of outcomes. */
  get timeoutPhase(): TimeoutPhase {
    if (this.total) return 'total';
    return this.phase === 'connect' || this.phase === 'first-byte' ? this.phase : 'progress';
  }

  /** Starts to wait for something else, for at most `delayMs`. A tunnel has no end of the whole. */
  arm(phase: Phase, delayMs: number): void {
    const leftMs = phase === 'tunnel' ? delayMs : this.#totalDueMs - this.#parts.clock.monotonicMs();
    this.phase = phase;
    this.total = leftMs < delayMs;
    this.#leftMs = this.total ? Math.max(0, leftMs) : delayMs;
    this.#pieceMs = phase === 'first-byte' ? this.#silenceMs : this.#leftMs;
    this.#waitPiece();
  }

  /** Whether the time is not up yet, only long enough to look into the silence: then `attempts` does, and it waits on. */
  goesOn(attempts: { silent(): void }): boolean {
    if (this.#leftMs <= 0) return false;
    this.#pieceMs *= 2;
    this.#waitPiece();
    attempts.silent();
    return true;
  }

  /**
   * Starts to wait for what comes next.
   *
   * @param stream undefined while the request is read before an upstream is asked
   * @param body the request's, if it has one
   */
  armNext(
    answer: AnswerProgress,
    client: ClientSide,
    stream: UpstreamSide | undefined,
    body: RequestBody | undefined,
  ): void {
    const { firstByteMs, progressMs } = this.#timeouts;
    if (answer === 'started' ? !client.flush() : client.backedUp) {
      // Reads no more of the answer, whatever kind of bytes they are, until the client has taken what it has.
      stream?.pause();
      return this.armWrite('client-write', this.#parts.writeProgressMs, client.unsentBytes);
    }
    if (answer !== 'none') return this.arm('progress', progressMs);
    const sent = body === undefined || body.ended;
    if (stream !== undefined && (stream.backedUp || (sent && stream.unsentBytes > 0))) {
      this.armWrite('upstream-write', progressMs, stream.unsentBytes);
    } else if (sent || body.awaitsContinue) this.arm('first-byte', firstByteMs);
    else this.arm('request-body', body.patienceMs(this.phase === 'request-body'));
  }

  /** Starts to wait for a receiver that has `unsentBytes` still to take. */
  armWrite(phase: 'upstream-write' | 'client-write', delayMs: number, unsentBytes: number): void {
    this.#unsentBytes = unsentBytes;
    this.arm(phase, delayMs);
  }

  /** What it means that the time is up. */
  judge(
    answer: AnswerProgress,
    client: Pick<ClientSide, 'unsentBytes'>,
    stream: Pick<UpstreamSide, 'unsentBytes'> | undefined,
    body: Pick<RequestBody, 'ended' | 'readFirst'> | undefined,
  ): DeadlineVerdict {
    if (this.phase === 'tunnel') return 'tunnel-quiet';
    // While the request is read first, no attempt has begun that could be late.
    if (this.total) return body?.readFirst === true ? 'request-late' : 'attempt-late';
    switch (this.phase) {
      case 'connect':
      case 'first-byte':
        return 'attempt-late';
      case 'progress':
        return answer === 'started' && body?.ended === false ? 'timed-out' : 'attempt-late';
      case 'request-body':
        return 'request-late';
      case 'upstream-write':
        return (stream?.unsentBytes ?? 0) < this.#unsentBytes ? 'wait-on' : 'attempt-late';
      case 'client-write':
        return client.unsentBytes < this.#unsentBytes ? 'wait-on' : 'client-stalled';
      default:
        return this.phase satisfies never;
    }
  }

  #waitPiece(): void {
    const pieceMs = Math.min(this.#pieceMs, this.#leftMs);
    this.#leftMs -= pieceMs;
    this.#owner.setDeadline(pieceMs);
  }
}

/** Why an answer is cut whose attempt has failed: by the route's own limit, or by the upstream. */
export function cutEnding(failure: AttemptFailure | undefined): CutEnding {
  return failure?.kind === 'timeout' && failure.phase === 'total' ? 'timed-out' : 'broken';
}
