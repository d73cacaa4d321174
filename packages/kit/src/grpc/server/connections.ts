import { constants, type Http2Session, type ServerHttp2Session, type ServerHttp2Stream } from 'node:http2';
import type { Clock, Timer } from '@flotilla/contracts';
import type { GrpcLimits } from './call-limits.ts';

interface Connection {
  readonly session: ServerHttp2Session;
  readonly calls: Set<ServerHttp2Stream>;
  /** When the last call ended, or the connection began. */
  idleSinceMs: number;
  pingedMs: number;
  /** When a ping was sent that is not answered yet. */
  waitingSinceMs: number | undefined;
  callerPingedMs: number;
  hastyPings: number;
}

const hastyPingsAllowed = 2;
const longestTickMs = 5_000;

/** The connections of a server: closes those that are idle, dead or abused, and all of them in order when it stops. */
export class Connections {
  readonly #clock: Clock;
  readonly #limits: GrpcLimits;
  readonly #open = new Map<Http2Session, Connection>();
  #tick: Timer | undefined;
  #whenEmpty: (() => void) | undefined;

  constructor(clock: Clock, limits: GrpcLimits) {
    this.#clock = clock;
    this.#limits = limits;
  }

  get size(): number {
    return this.#open.size;
  }

  add(session: ServerHttp2Session): void {
    const nowMs = this.#clock.monotonicMs();
    const connection: Connection = {
      session,
      calls: new Set(),
      idleSinceMs: nowMs,
      pingedMs: nowMs,
      waitingSinceMs: undefined,
      callerPingedMs: Number.NEGATIVE_INFINITY,
      hastyPings: 0,
    };
    this.#open.set(session, connection);
    session.on('ping', () => this.#countPing(connection));
    // What was wrong with it is the peer's affair; its calls end as cancelled.
    session.on('error', () => session.destroy());
    session.once('close', () => {
      this.#open.delete(session);
      if (this.#open.size === 0) this.#whenEmpty?.();
    });
    this.#tick ??= this.#nextTick();
  }

  /** Counts a call as open until its stream is closed. */
  began(stream: ServerHttp2Stream): void {
    const connection = stream.session === undefined ? undefined : this.#open.get(stream.session);
    if (connection === undefined) return;
    connection.calls.add(stream);
    stream.once('close', () => {
      connection.calls.delete(stream);
      // The last that it measures is the end of the answer.
      connection.hastyPings = 0;
      connection.idleSinceMs = this.#clock.monotonicMs();
    });
  }

  /**
   * Closes each connection when the calls on it are over. Resolves when all are closed. The GOAWAY that is sent names the last
   * call that has begun, so that callers can send those elsewhere that are on their way. (Node cannot say in advance that it is
   * about to close, RFC 9113, 6.8: after the first GOAWAY, it ignores what comes.)
   */
  async drain(): Promise<void> {
    for (const connection of this.#open.values()) {
      dropClosed(connection);
      connection.session.close();
    }
    if (this.#open.size > 0) await new Promise<void>((resolve) => (this.#whenEmpty = resolve));
  }

  /** Closes all connections at once. */
  destroy(): void {
    this.#tick?.cancel();
    for (const { session } of this.#open.values()) session.destroy();
  }

  #nextTick(): Timer {
    const { pingTimeoutMs, maxIdleMs } = this.#limits;
    return this.#clock.after(Math.min(longestTickMs, pingTimeoutMs, maxIdleMs), () => {
      this.#tick = undefined;
      for (const connection of this.#open.values()) this.#look(connection);
      if (this.#open.size > 0) this.#tick ??= this.#nextTick();
    });
  }

  #look(connection: Connection): void {
    const nowMs = this.#clock.monotonicMs();
    const { pingTimeoutMs, pingEveryMs, maxIdleMs } = this.#limits;
    const { session, waitingSinceMs } = connection;
    dropClosed(connection);
    if (waitingSinceMs !== undefined && nowMs - waitingSinceMs >= pingTimeoutMs) session.destroy();
    else if (connection.calls.size === 0 && nowMs - connection.idleSinceMs >= maxIdleMs) session.close();
    else if (waitingSinceMs === undefined && nowMs - connection.pingedMs >= pingEveryMs) {
      connection.pingedMs = nowMs;
      connection.waitingSinceMs = nowMs;
      session.ping(() => (connection.waitingSinceMs = undefined));
    }
  }

  /** Clients measure the connection with pings while they receive, as often as they like: several during one large message. */
  #countPing(connection: Connection): void {
    if (connection.calls.size > 0) return;
    const nowMs = this.#clock.monotonicMs();
    const hasty = nowMs - connection.callerPingedMs < this.#limits.minPingGapMs;
    connection.callerPingedMs = nowMs;
    if (!hasty) return;
    connection.hastyPings += 1;
    if (connection.hastyPings <= hastyPingsAllowed) return;
    const { session } = connection;
    session.goaway(constants.NGHTTP2_ENHANCE_YOUR_CALM, 0, Buffer.from('too_many_pings'));
    session.destroy();
  }
}

/**
 * Node 24 leaves a stream as it is when its caller resets it "without error" while a part of the answer is still to be sent: it
 * never ends, and its connection never closes.
 */
function dropClosed({ calls }: Connection): void {
  for (const stream of calls) if (stream.closed) stream.destroy();
}
