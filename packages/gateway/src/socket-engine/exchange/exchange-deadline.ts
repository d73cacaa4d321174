import type { Clock } from '@flotilla/contracts';
import type { TimeoutPhase } from '../../attempt/outcome.ts';
import type { RouteTimeouts } from '../../config/timeouts.ts';
import type { CutEnding } from '../../exchange/exchange-record.ts';
import type { ClientSide } from '../sides/client-side.ts';
import type { AttemptFailure } from '../sides/response-sink.ts';
import type { UpstreamSide } from '../sides/upstream-side.ts';
import { PatientWait } from '../time/patient-wait.ts';
import type { EngineParts } from './engine-parts.ts';
import type { RequestRelay } from './request-relay.ts';

/**
 * How far the answer is. `held`: nothing of it has left yet, so that one that breaks can still be had from another instance,
 * or be answered with an error. A short one is held until it is whole, others while the bytes are read that came with the head.
 */
export type AnswerProgress = 'none' | 'held' | 'started';

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
  /** The request's body stopped arriving. */
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
  /** What had not left when the wait for a slow receiver began: while it shrinks, the receiver takes something. */
  unsentBytes = 0;
  readonly #parts: DeadlineParts;
  readonly #client: ClientSide;
  readonly #timeouts: RouteTimeouts;
  readonly #silenceMs: number;
  readonly #wait = new PatientWait();
  /** Monotonic; infinite for routes without. */
  readonly #totalDueMs: number;

  /**
   * @param timeouts `totalMs`: for the whole exchange from now on; 0 = no limit
   * @param silenceMs after how much of the wait for the first byte the silence is looked into
   */
  constructor(parts: DeadlineParts, client: ClientSide, timeouts: RouteTimeouts, silenceMs: number) {
    const { totalMs } = timeouts;
    this.#parts = parts;
    this.#client = client;
    this.#timeouts = timeouts;
    this.#silenceMs = silenceMs;
    this.#totalDueMs = totalMs === 0 ? Number.POSITIVE_INFINITY : parts.clock.monotonicMs() + totalMs;
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
    const dueMs = this.total ? Math.max(0, leftMs) : delayMs;
    this.#client.setDeadline(this.#wait.begin(dueMs, phase === 'first-byte' ? this.#silenceMs : dueMs));
  }

  /** Whether the time is not up yet, only long enough to look into the silence: then `attempts` does, and it waits on. */
  goesOn(attempts: { silent(): void }): boolean {
    if (!this.#wait.goesOn) return false;
    this.#client.setDeadline(this.#wait.next());
    attempts.silent();
    return true;
  }

  /**
   * Starts to wait for what comes next.
   *
   * @param stream undefined while the request is read before an upstream is asked
   */
  armNext(answer: AnswerProgress, stream: UpstreamSide | undefined, relay: RequestRelay): void {
    const { firstByteMs, progressMs } = this.#timeouts;
    if (answer === 'started' ? !this.#client.flush() : this.#client.backedUp) return this.#awaitClient(stream);
    if (answer !== 'none') return this.arm('progress', progressMs);
    if (stream !== undefined && (stream.backedUp || (relay.ended && stream.unsentBytes > 0))) {
      this.armWrite('upstream-write', progressMs, stream.unsentBytes);
    } else if (relay.ended || relay.awaitsContinue) this.arm('first-byte', firstByteMs);
    else this.arm('request-body', relay.patienceMs(this.phase === 'request-body'));
  }

  /** Reads no more of the answer, whatever kind of bytes they are, until the client has taken what it has. */
  #awaitClient(stream: UpstreamSide | undefined): void {
    stream?.pause();
    this.armWrite('client-write', this.#parts.writeProgressMs, this.#client.unsentBytes);
  }

  /** Starts to wait for a receiver that has `unsentBytes` still to take. */
  armWrite(phase: 'upstream-write' | 'client-write', delayMs: number, unsentBytes: number): void {
    this.unsentBytes = unsentBytes;
    this.arm(phase, delayMs);
  }

  /**
   * What it means that the time is up.
   *
   * @param unsentBytes what the upstream has still to take of the request
   */
  judge(unsentBytes: number, answerStarted: boolean, requestEnded: boolean): DeadlineVerdict {
    if (this.phase === 'tunnel') return 'tunnel-quiet';
    if (this.total) return 'attempt-late';
    switch (this.phase) {
      case 'connect':
      case 'first-byte':
        return 'attempt-late';
      case 'progress':
        return answerStarted && !requestEnded ? 'timed-out' : 'attempt-late';
      case 'request-body':
        return 'request-late';
      case 'upstream-write':
        return unsentBytes < this.unsentBytes ? 'wait-on' : 'attempt-late';
      case 'client-write':
        return this.#client.unsentBytes < this.unsentBytes ? 'wait-on' : 'client-stalled';
      default:
        return this.phase satisfies never;
    }
  }
}

/** Why an answer is cut whose attempt has failed: by the route's own limit, or by the upstream. */
export function cutEnding(failure: AttemptFailure | undefined): CutEnding {
  return failure?.kind === 'timeout' && failure.phase === 'total' ? 'timed-out' : 'broken';
}
