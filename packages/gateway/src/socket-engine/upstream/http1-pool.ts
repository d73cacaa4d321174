import type { LimitedFailure } from '../../attempt/outcome.ts';
import type { Upstream } from '../../upstream/upstream.ts';
import type { OwnConnections } from '../sides/own-connections.ts';
import type { AttemptSink } from '../sides/response-sink.ts';
import type { Acquisition, StreamPool } from '../sides/stream-pool.ts';
import type { OutgoingRequest } from '../sides/upstream-side.ts';
import { type Dialer, plainDialer } from './dialer.ts';
import { HeldConnections } from './held-connections.ts';
import { Http1Connection, type Http1ConnectionOwner } from './http1-connection.ts';
import type { PoolSettings } from './pool-settings.ts';
import type { CreateStreamPool } from './stream-pools.ts';
import { WaitingLine, type WaitingPlace } from './waiting-line.ts';

/** A kept connection is closed this much before the upstream said it would close it, so that the two don't cross. */
const marginMs = 1_000;
/** How often those that are busy are looked at for long-lived ones. */
const reviewEveryMs = 100;

/** HTTP/1.1, over connections that `dialer` opens. */
export function http1Streams(dialer: Dialer = plainDialer): CreateStreamPool {
  return (upstream, settings, onGone) => new Http1Pool(dialer, upstream, settings, onGone);
}

/**
 * The connections of one engine to one upstream. The most recently used is used next, so that the others can lapse.
 * Long-lived ones are counted apart, and no client holds more than its share of either kind. Who holds how many is
 * counted only when so many are busy that it matters: a request that finds an idle connection costs nothing more.
 */
class Http1Pool implements StreamPool, Http1ConnectionOwner {
  readonly upstream: Upstream;
  readonly settings: PoolSettings;
  readonly dialer: Dialer;
  readonly #idle: Http1Connection[] = [];
  readonly #open = new Set<Http1Connection>();
  /** Those that are idle and kept for one client each, because a login is bound to them; the first for the longest. */
  readonly #bound = new Map<OwnConnections, Http1Connection>();
  readonly #line = new WaitingLine((place) => this.#held.limitOfPlain(place.client, this.#busy));
  readonly #held: HeldConnections;
  readonly #onGone: () => void;
  #reviewedAtMs = Number.NEGATIVE_INFINITY;
  #retired = false;

  /** @param onGone called when the upstream is retired and its last connection closed */
  constructor(dialer: Dialer, upstream: Upstream, settings: PoolSettings, onGone: () => void) {
    this.dialer = dialer;
    this.upstream = upstream;
    this.settings = settings;
    this.#held = new HeldConnections(this.#open, settings);
    this.#onGone = onGone;
  }

  get size(): number {
    return this.#open.size;
  }

  acquire(attempt: AttemptSink, request: OutgoingRequest, fresh: boolean): Acquisition | undefined {
    const own = this.#bound.size === 0 || request.own === undefined ? undefined : this.#bound.get(request.own);
    if (own !== undefined) return this.#resume(own, attempt, request);
    if (request.offered.length > 0) return this.#acquireLong(attempt, request, fresh);
    if (this.#busy >= this.settings.shares.plainPerClient) {
      const client = this.#clientOf(request);
      if (this.#held.hasShare(client, this.#busy)) return this.#wait(attempt, request, client);
    }
    const kept = fresh ? undefined : this.#idle.pop();
    if (kept !== undefined) return this.#reuse(kept, attempt, request);
    // A login that is not being used makes room for a request.
    if (!this.#hasRoom) this.#bound.values().next().value?.cancel();
    if (this.#hasRoom) return this.#connect(attempt, request);
    return this.#wait(attempt, request, this.#clientOf(request));
  }

  holdLong(connection: Http1Connection): LimitedFailure | undefined {
    if (connection.use.longLived) return undefined;
    const refused = this.#held.limitOfLong(this.#held.clientOf(connection.use));
    if (refused === undefined) {
      this.#held.setLong(connection.use);
      this.#admit();
    }
    return refused;
  }

  connectionIdle(connection: Http1Connection, keepMs: number | undefined): void {
    this.#held.released(connection.use);
    connection.use.end();
    if (connection.use.longLived) {
      connection.use.longLived = false;
      this.#held.longLived -= 1;
      // One more plain connection: there may be enough of those.
      if (this.#open.size - this.#held.longLived > this.settings.shares.plain) return connection.cancel();
    }
    if (connection.bound) return this.#keepBound(connection);
    const next = this.#next();
    if (next !== undefined) return this.#begin(connection, next.attempt, next.request);
    const { idleMs, wheel } = this.settings;
    const keptMs = keepMs === undefined ? idleMs : Math.min(idleMs, keepMs - marginMs);
    if (this.#retired || keptMs <= 0) connection.cancel();
    else {
      wheel.set(connection.idleAlarm, keptMs);
      this.#idle.push(connection);
      if (this.#busy < this.settings.shares.plainPerClient / 2) this.#held.forget();
    }
  }

  connectionClosed(connection: Http1Connection): void {
    this.settings.wheel.forget(connection.idleAlarm);
    this.#open.delete(connection);
    this.settings.room.give();
    this.#held.released(connection.use);
    if (connection.use.longLived) this.#held.longLived -= 1;
    this.#unbind(connection);
    connection.keeper?.lost(connection);
    const at = this.#idle.lastIndexOf(connection);
    if (at >= 0) this.#idle.splice(at, 1);
    this.#admit();
    if (this.#retired && this.#open.size === 0) this.#onGone();
  }

  retire(): void {
    this.#retired = true;
    this.#closeIdle();
    if (this.#open.size === 0) this.#onGone();
  }

  setAside(): void {
    this.#closeIdle();
    // Those in the line first: a place that becomes free would only be given to the next of them.
    for (const place of this.#line.places()) place.attempt.onSetAside();
    for (const connection of [...this.#open]) connection.upstreamSetAside();
  }

  closeIdle(): boolean {
    const connection = this.#idle[0] ?? this.#bound.values().next().value;
    connection?.cancel();
    return connection !== undefined;
  }

  close(): void {
    this.#line.clear();
    this.retire();
    for (const connection of [...this.#open]) connection.cancel();
  }

  /** Begins an exchange on a connection that was kept for its client. */
  #resume(connection: Http1Connection, attempt: AttemptSink, request: OutgoingRequest): Acquisition {
    this.#unbind(connection);
    connection.keeper?.taken(connection);
    if (request.offered.length > 0) this.#held.setLong(connection.use);
    this.#begin(connection, attempt, request);
    return connection;
  }

  #acquireLong(attempt: AttemptSink, request: OutgoingRequest, fresh: boolean): Acquisition | undefined {
    const refused = this.#held.limitOfLong(this.#clientOf(request));
    if (refused !== undefined) {
      attempt.onFailure(refused);
      return undefined;
    }
    const kept = fresh ? undefined : this.#idle.pop();
    if (kept === undefined) return this.#connect(attempt, request, true);
    this.#held.setLong(kept.use);
    return this.#reuse(kept, attempt, request);
  }

  #reuse(kept: Http1Connection, attempt: AttemptSink, request: OutgoingRequest): Http1Connection {
    this.settings.wheel.clear(kept.idleAlarm);
    this.#begin(kept, attempt, request);
    return kept;
  }

  #begin(connection: Http1Connection, attempt: AttemptSink, request: OutgoingRequest): void {
    connection.use.begin(request.onBehalfOf, this.settings.clock.monotonicMs());
    this.#held.taken(connection.use);
    connection.begin(attempt, request);
  }

  #connect(attempt: AttemptSink, request: OutgoingRequest, longLived = false): Http1Connection | undefined {
    const exhausted = this.settings.room.take();
    if (exhausted !== undefined) {
      attempt.onFailure(exhausted);
      return undefined;
    }
    const connection = new Http1Connection(this, attempt, request);
    this.#open.add(connection);
    this.#held.taken(connection.use);
    if (longLived) this.#held.setLong(connection.use);
    return connection;
  }

  #wait(attempt: AttemptSink, request: OutgoingRequest, client: string | undefined): WaitingPlace {
    const place = this.#line.add(attempt, request, client);
    this.#review();
    return place;
  }

  /** How long is its client's matter: it lives as long as the client's connection. */
  #keepBound(connection: Http1Connection): void {
    const { keeper } = connection;
    // Those who wait have no other place to hope for when all connections are bound.
    if (keeper === undefined || this.#retired || this.#line.size > 0) return connection.cancel();
    this.#bound.set(keeper, connection);
    keeper.keep(connection);
  }

  /** It is not kept any more, if it was. */
  #unbind(connection: Http1Connection): void {
    const { keeper } = connection;
    if (keeper !== undefined && this.#bound.get(keeper) === connection) this.#bound.delete(keeper);
  }

  #closeIdle(): void {
    for (const connection of this.#idle.splice(0)) connection.cancel();
    for (const connection of [...this.#bound.values()]) connection.cancel();
  }

  /** Opens connections for those who wait, as far as there is room. */
  #admit(): void {
    while (this.#hasRoom) {
      const next = this.#next();
      if (next === undefined) return;
      next.opening = this.#connect(next.attempt, next.request);
    }
  }

  #next(): WaitingPlace | undefined {
    return this.#line.size === 0 ? undefined : this.#line.next((client) => this.#held.hasShare(client, this.#busy));
  }

  /** Counts the connections on which a body has been flowing for long as long-lived. */
  #review(): void {
    const { clock, longLivedAfterMs } = this.settings;
    const nowMs = clock.monotonicMs();
    if (nowMs < this.#reviewedAtMs + reviewEveryMs) return;
    this.#reviewedAtMs = nowMs;
    for (const connection of this.#open) {
      const { use } = connection;
      if (use.longLived || nowMs - use.startedAtMs < longLivedAfterMs || !connection.flowing) continue;
      if (this.#held.limitOfLong(this.#held.clientOf(use)) === undefined) this.#held.setLong(use);
    }
    this.#admit();
  }

  get #busy(): number {
    return this.#open.size - this.#held.longLived - this.#idle.length - this.#bound.size;
  }

  get #hasRoom(): boolean {
    return this.#open.size - this.#held.longLived < this.settings.shares.plain;
  }

  #clientOf({ onBehalfOf }: OutgoingRequest): string | undefined {
    return onBehalfOf === undefined ? undefined : this.settings.countedClient(onBehalfOf);
  }
}
