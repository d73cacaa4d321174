import type { ResponseHead } from '@flotilla/http1';
import { cancelled, responseOutcome } from '../../attempt/outcome.ts';
import { type AttemptContext, decideRetry } from '../../attempt/retry-policy.ts';
import type { HeaderList } from '../../headers/header-list.ts';
import type { Pick } from '../../upstream/pick.ts';
import type { Upstream } from '../../upstream/upstream.ts';
import type { UpstreamPool } from '../../upstream/upstream-pool.ts';
import type { RequestFacts } from '../sides/incoming-request.ts';
import type { AttemptFailure, ResponseSink } from '../sides/response-sink.ts';
import type { UpstreamConnection } from '../upstream/upstream-connection.ts';
import type { Acquisition } from '../upstream/upstream-connections.ts';
import { WaitingPlace } from '../upstream/waiting-line.ts';
import type { EngineParts } from './engine-parts.ts';

/**
 * Whose attempts they are. It hears of each as its sink, from the beginning of the request on; a 101 makes the connection
 * its own, and it reports the end of that with {@link AttemptLoop.switchedEnded}.
 */
export interface AttemptOwner extends Omit<ResponseSink, 'onFailure' | 'onSetAside'> {
  readonly maxAttempts: number;
  readonly request: RequestFacts;
  /** Whether any byte of an answer has been handed to the client. */
  readonly answerStarted: boolean;
  /** Whether the whole request can be sent once more. */
  readonly replayable: boolean;
  /** An attempt begins at `upstream`; nothing has been sent yet. */
  onAttempt(upstream: Upstream): void;
  /** No attempt is left. Undefined: there was no instance to try. */
  onFailure(failure: AttemptFailure | undefined): void;
}

const none: readonly Upstream[] = [];
/** Given up because the upstream is not well. */
const setAside: AttemptFailure = { kind: 'timeout', phase: 'set-aside' };
const noConnection: AttemptFailure = { kind: 'timeout', phase: 'connect' };

function isLate(failure: AttemptFailure): boolean {
  return failure.kind === 'timeout' && failure.phase === 'first-byte';
}

/** Sends one request to one upstream after the other until one answers or the retry policy says stop. */
export class AttemptLoop implements ResponseSink {
  readonly #parts: EngineParts;
  readonly #pool: UpstreamPool;
  readonly #owner: AttemptOwner;
  #pick: Pick | undefined;
  #waiting: Acquisition | undefined;
  #connection: UpstreamConnection | undefined;
  #tried: Upstream[] | undefined;
  #attempts = 0;
  #status = 0;

  constructor(parts: EngineParts, pool: UpstreamPool, owner: AttemptOwner) {
    this.#parts = parts;
    this.#pool = pool;
    this.#owner = owner;
  }

  /** The connection of the attempt under way, once it stands. */
  get connection(): UpstreamConnection | undefined {
    return this.#connection;
  }

  start(): void {
    const own = this.#owner.request.own?.upstreamFor(this.#pool.service);
    const pick = (own === undefined ? undefined : this.#pool.pickAgain(own)) ?? this.#pool.pick(none);
    if (pick === undefined) this.#owner.onFailure(undefined);
    else this.#attempt(pick, false);
  }

  /** Gives up: the client has left, or the engine closes. */
  cancel(): void {
    this.#abandon()?.done(cancelled);
  }

  /** Ends the attempt under way as failed, from outside: a deadline. The owner then hears of a retry or of the failure. */
  fail(failure: AttemptFailure): void {
    const limit = this.#limitMet();
    const pick = this.#abandon();
    // Our own limit made it wait: that says nothing about the upstream.
    if (pick !== undefined) this.#failed(pick, limit ?? failure);
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
    const unsent = this.#connection === undefined;
    if (decideRetry(unsent ? noConnection : setAside, this.#context()) === 'stop') return;
    const other = this.#pool.pickAvailable([...(this.#tried ?? none), pick.upstream]);
    if (other === undefined) return;
    this.#abandon();
    pick.done(unsent ? cancelled : setAside);
    this.#tried = [...(this.#tried ?? none), pick.upstream];
    this.#attempt(other, false);
  }

  switchedEnded(): void {
    this.#close()?.done(responseOutcome(101));
  }

  onConnection(connection: UpstreamConnection): void {
    this.#connection = connection;
    this.#owner.onConnection(connection);
  }

  onInterim(head: ResponseHead): void {
    this.#owner.onInterim(head);
  }

  onHead(head: ResponseHead): void {
    this.#status = head.status;
    this.#owner.onHead(head);
  }

  onBody(chunk: Buffer, start: number, end: number, lent: boolean): boolean {
    return this.#owner.onBody(chunk, start, end, lent);
  }

  onReadEnd(): void {
    this.#owner.onReadEnd();
  }

  onWritable(): void {
    this.#owner.onWritable();
  }

  onEnd(trailers: HeaderList): void {
    this.#close()?.done(responseOutcome(this.#status));
    this.#owner.onEnd(trailers);
  }

  onSwitch(head: ResponseHead, connection: UpstreamConnection, rest: Buffer): void {
    this.#owner.onSwitch(head, connection, rest);
  }

  onFailure(failure: AttemptFailure): void {
    const pick = this.#close();
    if (pick !== undefined) this.#failed(pick, failure);
  }

  #attempt(pick: Pick, fresh: boolean): void {
    this.#attempts += 1;
    this.#pick = pick;
    this.#owner.onAttempt(pick.upstream);
    const acquired = this.#parts.connectionsTo(pick.upstream).acquire(this, this.#owner.request, fresh);
    // An idle connection is handed over within the call, and all may be over by now.
    if (this.#pick === pick && this.#connection === undefined) this.#waiting = acquired;
  }

  #failed(pick: Pick, failure: AttemptFailure): void {
    pick.done(failure);
    const decision = decideRetry(failure, this.#context());
    if (decision !== 'stop') {
      this.#tried ??= [];
      this.#tried.push(pick.upstream);
      // Who has waited so long already is not sent to one that is known to be unwell.
      const other = isLate(failure) ? this.#pool.pickAvailable(this.#tried) : this.#pool.pick(this.#tried);
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
    };
  }

  /** The limit for which it waits in the line, if it does, or has waited too long for the connection being opened now. */
  #limitMet(): AttemptFailure | undefined {
    const [pick, place] = [this.#pick, this.#waiting];
    if (this.#connection !== undefined || pick === undefined || !(place instanceof WaitingPlace)) return undefined;
    return this.#parts.connectionsTo(pick.upstream).limitOf(place);
  }

  /** Forgets the attempt under way and closes what it holds. */
  #abandon(): Pick | undefined {
    const connection = this.#connection ?? this.#waiting;
    const pick = this.#close();
    connection?.destroy();
    return pick;
  }

  #close(): Pick | undefined {
    const pick = this.#pick;
    this.#pick = undefined;
    this.#connection = undefined;
    this.#waiting = undefined;
    return pick;
  }
}
