import { cancelled, type Outcome, responseOutcome } from '../../attempt/outcome.ts';
import { type AttemptContext, decideRetry } from '../../attempt/retry-policy.ts';
import type { AttemptSpan } from '../../exchange/attempt-span.ts';
import type { SpanParent } from '../../exchange/request-spans.ts';
import type { HeaderList } from '../../headers/header-list.ts';
import type { Upstream } from '../../upstream/upstream.ts';
import type { Pick, PickPlace, UpstreamPool } from '../../upstream/upstream-pool.ts';
import type { AttemptFailure, AttemptSink, ResponseSink } from '../sides/response-sink.ts';
import type { Acquisition } from '../sides/stream-pool.ts';
import type { OutgoingRequest, UpstreamSide } from '../sides/upstream-side.ts';
import type { EngineParts } from './engine-parts.ts';

/**
 * Whose attempts they are: the answer of each goes straight to it. A 101 makes the stream its own, and it reports the end
 * of that with {@link AttemptLoop.switchedEnded}.
 */
export interface AttemptOwner extends ResponseSink {
  readonly maxAttempts: number;
  readonly request: OutgoingRequest;
  /** Whether any byte of an answer has been handed to the client. */
  readonly answerStarted: boolean;
  /** Whether the whole request can be sent once more. */
  readonly replayable: boolean;
  /** Whether its service does it only once, however often it is sent; see `AttemptContext`. */
  readonly hasKey: boolean;
  /** An attempt begins at `upstream`; nothing has been sent yet. */
  onAttempt(upstream: Upstream): void;
  /** What spans of attempts belong to; undefined where none are made. */
  readonly spans: SpanParent | undefined;
  /**
   * See {@link AttemptSink}.
   *
   * @param span names the attempt in what is sent; undefined where no spans are made
   */
  onStream(stream: UpstreamSide, span: AttemptSpan | undefined): void;
  /** An attempt has brought a whole response. */
  onEnd(trailers: HeaderList): void;
  /** No attempt is left. Undefined: there was no instance to try. */
  onFailure(failure: AttemptFailure | undefined): void;
}

/** What it needs of the engine. */
interface LoopParts {
  readonly clock: EngineParts['clock'];
  readonly streams: EngineParts['streams'];
}

const none: readonly Upstream[] = [];
/** Given up because the upstream is not well. */
const setAside: AttemptFailure = { kind: 'timeout', phase: 'set-aside' };
const noConnection: AttemptFailure = { kind: 'timeout', phase: 'connect' };

function isLate(failure: AttemptFailure): boolean {
  return failure.kind === 'timeout' && failure.phase === 'first-byte';
}

/** Sends one request to one upstream after the other until one answers or the retry policy says stop. */
export class AttemptLoop implements AttemptSink {
  readonly response: ResponseSink;
  readonly #parts: LoopParts;
  readonly #pool: UpstreamPool;
  readonly #key: number | undefined;
  readonly #owner: AttemptOwner;
  #pick: Pick | undefined;
  #waiting: Acquisition | undefined;
  #stream: UpstreamSide | undefined;
  #tried: Upstream[] | undefined;
  #attempts = 0;
  #span: AttemptSpan | undefined;
  /** How the attempt before this one ended. */
  #last: Outcome | undefined;

  /** @param place where its instances are picked */
  constructor(parts: LoopParts, place: PickPlace, owner: AttemptOwner) {
    this.#parts = parts;
    this.#pool = place.pool;
    this.#key = place.key;
    this.#owner = owner;
    this.response = owner;
  }

  /** The stream of the attempt under way, once it is there. */
  get stream(): UpstreamSide | undefined {
    return this.#stream;
  }

  start(): void {
    const own = this.#owner.request.own?.upstreamFor(this.#pool.service);
    const pick = (own === undefined ? undefined : this.#pool.pickAgain(own)) ?? this.#pool.pick(this.#key, none);
    if (pick === undefined) this.#owner.onFailure(undefined);
    else this.#attempt(pick, false);
  }

  /** Gives up: the client has left, or the engine closes. */
  cancel(): void {
    const pick = this.#abandon();
    if (pick !== undefined) this.#end(pick, cancelled);
  }

  /** Ends the attempt under way as failed, from outside: a deadline. The owner then hears of a retry or of the failure. */
  fail(failure: AttemptFailure): void {
    const limit = this.#stream === undefined ? this.#waiting?.limitMet() : undefined;
    const pick = this.#abandon();
    // Nobody is asked, and nobody would tell of an end: whatever runs out must not be waited for.
    if (pick === undefined) return this.#owner.onFailure(failure);
    // Our own limit made it wait: that says nothing about the upstream.
    this.#failed(pick, limit ?? failure);
  }

  /** It waits for the first byte for longer than usual. */
  silent(): void {
    const pick = this.#pick;
    if (pick === undefined) return;
    if (pick.upstream.isAvailable()) pick.silent();
    else this.onSetAside();
  }

  /** Goes elsewhere, if that can do no harm and somebody there is well; else it may as well wait on. */
  onSetAside(): void {
    const pick = this.#pick;
    if (pick === undefined) return;
    const unsent = this.#stream === undefined;
    if (decideRetry(unsent ? noConnection : setAside, this.#context()) === 'stop') return;
    const other = this.#pool.pickAvailable(this.#key, [...(this.#tried ?? none), pick.upstream]);
    if (other === undefined) return;
    this.#abandon();
    this.#end(pick, unsent ? cancelled : setAside);
    this.#tried = [...(this.#tried ?? none), pick.upstream];
    this.#attempt(other, false);
  }

  switchedEnded(): void {
    const pick = this.#close();
    if (pick !== undefined) this.#end(pick, responseOutcome(101));
  }

  onStream(stream: UpstreamSide): void {
    this.#stream = stream;
    this.#owner.onStream(stream, this.#span);
  }

  onEnd(status: number, trailers: HeaderList): void {
    const pick = this.#close();
    if (pick !== undefined) this.#end(pick, responseOutcome(status));
    this.#owner.onEnd(trailers);
  }

  onFailure(failure: AttemptFailure): void {
    const pick = this.#close();
    if (pick !== undefined) this.#failed(pick, failure);
  }

  #attempt(pick: Pick, fresh: boolean): void {
    this.#attempts += 1;
    this.#pick = pick;
    const { clock, streams } = this.#parts;
    const { request, spans } = this.#owner;
    this.#span = spans?.attempt(pick.upstream, request, this.#attempts, this.#last, clock.monotonicMs());
    this.#owner.onAttempt(pick.upstream);
    const acquired = streams.to(pick.upstream).acquire(this, request, fresh);
    // A stream may be handed over within the call, and all may be over by now.
    if (this.#pick === pick && this.#stream === undefined) this.#waiting = acquired;
  }

  #failed(pick: Pick, failure: AttemptFailure): void {
    this.#end(pick, failure);
    const decision = decideRetry(failure, this.#context());
    if (decision !== 'stop') {
      this.#tried ??= [];
      this.#tried.push(pick.upstream);
      // Who has waited so long already is not sent to one that is known to be unwell.
      const key = this.#key;
      const other = isLate(failure) ? this.#pool.pickAvailable(key, this.#tried) : this.#pool.pick(key, this.#tried);
      if (other !== undefined) return this.#attempt(other, false);
      const again = decision === 'fresh' ? this.#pool.pickAgain(pick.upstream) : undefined;
      if (again !== undefined) return this.#attempt(again, true);
    }
    this.#owner.onFailure(failure);
  }

  #context(): AttemptContext {
    return {
      method: this.#owner.request.method,
      attempts: this.#attempts,
      maxAttempts: this.#owner.maxAttempts,
      answerStarted: this.#owner.answerStarted,
      bodyReplayable: this.#owner.replayable,
      bringsLogin: this.#owner.request.bringsLogin,
      hasKey: this.#owner.hasKey,
    };
  }

  /** The attempt is over. */
  #end(pick: Pick, outcome: Outcome): void {
    pick.done(outcome);
    this.#last = outcome;
    this.#span?.end(outcome, this.#parts.clock.monotonicMs());
  }

  /** Forgets the attempt under way and closes what it holds. */
  #abandon(): Pick | undefined {
    const held = this.#stream ?? this.#waiting;
    const pick = this.#close();
    held?.cancel();
    return pick;
  }

  #close(): Pick | undefined {
    const pick = this.#pick;
    this.#pick = undefined;
    this.#stream = undefined;
    this.#waiting = undefined;
    return pick;
  }
}
