import type { LimitedFailure, RequestLimit } from '../../attempt/outcome.ts';
import type { Upstream, UpstreamSlot } from '../../upstream/upstream.ts';
import type { RequestFacts } from '../sides/incoming-request.ts';
import type { OwnConnections } from '../sides/own-connections.ts';
import type { ResponseSink } from '../sides/response-sink.ts';
import type { ConnectionSettings } from './connection-settings.ts';
import { HeldConnections } from './held-connections.ts';
import { UpstreamConnection } from './upstream-connection.ts';
import type { ConnectionOwner } from './upstream-connection-options.ts';
import { WaitingLine, type WaitingPlace } from './waiting-line.ts';

/** What an attempt holds until it has a connection: a way to give up. */
export type Acquisition = UpstreamConnection | WaitingPlace;

/** A kept connection is closed this much before the upstream said it would close it, so that the two don't cross. */
const marginMs = 1_000;
/** How often those that are busy are looked at for long-lived ones. */
const reviewEveryMs = 100;

/**
 * The connections of one engine to one upstream. The most recently used is used next, so that the others can lapse.
 * Long-lived ones are counted apart, and no client holds more than its share of either kind. Who holds how many is
 * counted only when so many are busy that it matters: a request that finds an idle connection costs nothing more.
 */
export class UpstreamConnections implements UpstreamSlot, ConnectionOwner {
  readonly #upstream: Upstream;
  readonly #settings: ConnectionSettings;
  readonly #idle: UpstreamConnection[] = [];
  readonly #open = new Set<UpstreamConnection>();
  /** Those that are idle and kept for one client each, because a login is bound to them; the first for the longest. */
  readonly #bound = new Map<OwnConnections, UpstreamConnection>();
  readonly #line = new WaitingLine();
  readonly #held: HeldConnections;
  readonly #onGone: () => void;
  #longLived = 0;
  #reviewedAtMs = Number.NEGATIVE_INFINITY;
  #retired = false;

  /** @param onGone called when the upstream is retired and its last connection closed */
  constructor(upstream: Upstream, settings: ConnectionSettings, onGone: () => void) {
    this.#upstream = upstream;
    this.#settings = settings;
    this.#held = new HeldConnections(settings.countedClient);
    this.#onGone = onGone;
  }

  /** Open connections, idle ones included. */
  get size(): number {
    return this.#open.size;
  }

  /**
   * Gets a connection for one exchange; `sink.onConnection` is called with it, at once if an idle one is there.
   *
   * @param fresh never an idle one: the last of those was dead
   * @returns undefined when it has been told that there is none to be had
   */
  acquire(sink: ResponseSink, request: RequestFacts, fresh: boolean): Acquisition | undefined {
    const own = this.#bound.size === 0 || request.own === undefined ? undefined : this.#bound.get(request.own);
    if (own !== undefined) return this.#resume(own, sink, request);
    if (request.offered.length > 0) return this.#acquireLong(sink, request, fresh);
    if (this.#busy >= this.#settings.shares.plainPerClient) {
      const client = this.#clientOf(request);
      if (this.#hasShare(client)) return this.#wait(sink, request, client);
    }
    const kept = fresh ? undefined : this.#idle.pop();
    if (kept !== undefined) return this.#reuse(kept, sink, request);
    // A login that is not being used makes room for a request.
    if (!this.#hasRoom) this.#bound.values().next().value?.destroy();
    if (this.#hasRoom) return this.#connect(sink, request);
    return this.#wait(sink, request, this.#clientOf(request));
  }

  /** The limit for which `place` waits. */
  limitOf(place: WaitingPlace): LimitedFailure {
    const own = this.#busy < this.#settings.shares.plain && this.#hasShare(place.client);
    return this.#limited(own ? 'clientShare' : 'connectionsPerUpstream');
  }

  /** Its exchange goes on for as long as it likes: counts it apart from now on, or says which limit forbids it. */
  holdLong(connection: UpstreamConnection): LimitedFailure | undefined {
    if (connection.use.longLived) return undefined;
    const refused = this.#limitOfLong(connection.use.client(this.#settings.countedClient));
    if (refused === undefined) {
      this.#setLong(connection);
      this.#admit();
    }
    return refused;
  }

  connectionIdle(connection: UpstreamConnection, keepMs: number | undefined): void {
    this.#held.released(connection.use);
    connection.use.end();
    if (connection.use.longLived) {
      connection.use.longLived = false;
      this.#longLived -= 1;
      // One more plain connection: there may be enough of those.
      if (this.#open.size - this.#longLived > this.#settings.shares.plain) return connection.destroy();
    }
    if (connection.bound) return this.#keepBound(connection);
    const next = this.#next();
    if (next !== undefined) return this.#begin(connection, next.sink, next.request);
    const { idleMs, wheel } = this.#settings;
    const keptMs = keepMs === undefined ? idleMs : Math.min(idleMs, keepMs - marginMs);
    if (this.#retired || keptMs <= 0) connection.destroy();
    else {
      wheel.set(connection.idleDeadline, keptMs);
      this.#idle.push(connection);
      if (this.#busy < this.#settings.shares.plainPerClient / 2) this.#held.forget();
    }
  }

  connectionClosed(connection: UpstreamConnection): void {
    this.#settings.wheel.forget(connection.idleDeadline);
    this.#open.delete(connection);
    this.#settings.room.give();
    this.#held.released(connection.use);
    if (connection.use.longLived) this.#longLived -= 1;
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
    for (const place of this.#line.places()) place.sink.onSetAside();
    for (const connection of [...this.#open]) connection.upstreamSetAside();
  }

  /** Closes the connection that has been idle for longest; false: none is idle. */
  closeIdle(): boolean {
    const connection = this.#idle[0] ?? this.#bound.values().next().value;
    connection?.destroy();
    return connection !== undefined;
  }

  /** Cuts every connection, busy or not. */
  close(): void {
    this.#line.clear();
    this.retire();
    for (const connection of [...this.#open]) connection.destroy();
  }

  /** Begins an exchange on a connection that was kept for its client. */
  #resume(connection: UpstreamConnection, sink: ResponseSink, request: RequestFacts): Acquisition {
    this.#unbind(connection);
    connection.keeper?.taken(connection);
    if (request.offered.length > 0) this.#setLong(connection);
    this.#begin(connection, sink, request);
    return connection;
  }

  #acquireLong(sink: ResponseSink, request: RequestFacts, fresh: boolean): Acquisition | undefined {
    const refused = this.#limitOfLong(this.#clientOf(request));
    if (refused !== undefined) {
      sink.onFailure(refused);
      return undefined;
    }
    const kept = fresh ? undefined : this.#idle.pop();
    if (kept === undefined) return this.#connect(sink, request, true);
    this.#setLong(kept);
    return this.#reuse(kept, sink, request);
  }

  #reuse(kept: UpstreamConnection, sink: ResponseSink, request: RequestFacts): UpstreamConnection {
    this.#settings.wheel.clear(kept.idleDeadline);
    this.#begin(kept, sink, request);
    return kept;
  }

  #begin(connection: UpstreamConnection, sink: ResponseSink, request: RequestFacts): void {
    connection.use.begin(request.head, this.#settings.clock.monotonicMs());
    this.#held.taken(connection.use);
    connection.begin(sink, request);
  }

  #connect(sink: ResponseSink, request: RequestFacts, longLived = false): UpstreamConnection | undefined {
    const { batch, clock, limits, memory, room } = this.#settings;
    const exhausted = room.take();
    if (exhausted !== undefined) {
      sink.onFailure(exhausted);
      return undefined;
    }
    const connection = new UpstreamConnection(
      { upstream: this.#upstream, owner: this, batch, clock, limits, memory },
      sink,
      request,
    );
    this.#open.add(connection);
    this.#held.taken(connection.use);
    if (longLived) this.#setLong(connection);
    return connection;
  }

  #wait(sink: ResponseSink, request: RequestFacts, client: string | undefined): WaitingPlace {
    const place = this.#line.add(sink, request, client);
    this.#review();
    return place;
  }

  /** How long is its client's matter: it lives as long as the client's connection. */
  #keepBound(connection: UpstreamConnection): void {
    const { keeper } = connection;
    // Those who wait have no other place to hope for when all connections are bound.
    if (keeper === undefined || this.#retired || this.#line.size > 0) return connection.destroy();
    this.#bound.set(keeper, connection);
    keeper.keep(connection);
  }

  /** It is not kept any more, if it was. */
  #unbind(connection: UpstreamConnection): void {
    const { keeper } = connection;
    if (keeper !== undefined && this.#bound.get(keeper) === connection) this.#bound.delete(keeper);
  }

  #closeIdle(): void {
    for (const connection of this.#idle.splice(0)) connection.destroy();
    for (const connection of [...this.#bound.values()]) connection.destroy();
  }

  /** Opens connections for those who wait, as far as there is room. */
  #admit(): void {
    while (this.#hasRoom) {
      const next = this.#next();
      if (next === undefined) return;
      next.opening = this.#connect(next.sink, next.request);
    }
  }

  #next(): WaitingPlace | undefined {
    return this.#line.size === 0 ? undefined : this.#line.next((client) => this.#hasShare(client));
  }

  /** Counts the connections on which a body has been flowing for long as long-lived. */
  #review(): void {
    const { clock, countedClient, longLivedAfterMs } = this.#settings;
    const nowMs = clock.monotonicMs();
    if (nowMs < this.#reviewedAtMs + reviewEveryMs) return;
    this.#reviewedAtMs = nowMs;
    for (const connection of this.#open) {
      const { use } = connection;
      if (use.longLived || nowMs - use.startedAtMs < longLivedAfterMs || !connection.flowing) continue;
      if (this.#limitOfLong(use.client(countedClient)) === undefined) this.#setLong(connection);
    }
    this.#admit();
  }

  #setLong(connection: UpstreamConnection): void {
    this.#held.released(connection.use);
    connection.use.longLived = true;
    this.#longLived += 1;
  }

  get #busy(): number {
    return this.#open.size - this.#longLived - this.#idle.length - this.#bound.size;
  }

  get #hasRoom(): boolean {
    return this.#open.size - this.#longLived < this.#settings.shares.plain;
  }

  #clientOf({ head }: RequestFacts): string | undefined {
    return head === undefined ? undefined : this.#settings.countedClient(head);
  }

  /** Whether `client` holds as many plain connections as it may. */
  #hasShare(client: string | undefined): boolean {
    const { plainPerClient } = this.#settings.shares;
    return client !== undefined && this.#busy >= plainPerClient && this.#held.by(client, this.#open) >= plainPerClient;
  }

  #limitOfLong(client: string | undefined): LimitedFailure | undefined {
    const { longLived, longLivedPerClient } = this.#settings.shares;
    if (this.#longLived >= longLived) return this.#limited('longLivedPerUpstream');
    if (client === undefined || this.#longLived < longLivedPerClient) return undefined;
    return this.#longLivedOf(client) >= longLivedPerClient ? this.#limited('clientShare') : undefined;
  }

  #longLivedOf(client: string): number {
    let count = 0;
    for (const { use } of this.#open)
      if (use.longLived && use.client(this.#settings.countedClient) === client) count += 1;
    return count;
  }

  #limited(limit: Exclude<RequestLimit, 'longLived' | 'longLivedPerClient'>): LimitedFailure {
    return { kind: 'limited', limit, most: this.#settings.configured[limit] };
  }
}
