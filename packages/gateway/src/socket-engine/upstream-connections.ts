import type { Limits } from '@flotilla/http1';
import type { Upstream, UpstreamSlot } from '../upstream/upstream.ts';
import type { ReadMemory } from './read-memory.ts';
import type { ResponseSink } from './response-sink.ts';
import type { TimerWheel } from './timer-wheel.ts';
import type { TurnClock } from './turn-clock.ts';
import { UpstreamConnection } from './upstream-connection.ts';
import type { ConnectionOwner, RequestFacts } from './upstream-connection-options.ts';
import type { WriteBatch } from './write-batch.ts';

/** What all upstreams of an engine have in common. */
export interface ConnectionSettings {
  readonly wheel: TimerWheel;
  readonly clock: TurnClock;
  readonly batch: WriteBatch;
  readonly limits: Limits;
  readonly memory: ReadMemory;
  /** Connections to one upstream, idle ones included. */
  readonly connectionsPerUpstream: number;
  /** How long an idle connection is kept. */
  readonly idleMs: number;
}

/** What an attempt holds until it has a connection: a way to give up. */
export type Acquisition = UpstreamConnection | WaitingPlace;

/** The place of an attempt in the queue for a connection, because all that are allowed are busy. */
export class WaitingPlace {
  readonly sink: ResponseSink;
  readonly request: RequestFacts;
  /** Its turn has come: the connection that is being opened for it. */
  opening: UpstreamConnection | undefined = undefined;
  readonly #queue: WaitingPlace[];

  constructor(sink: ResponseSink, request: RequestFacts, queue: WaitingPlace[]) {
    this.sink = sink;
    this.request = request;
    this.#queue = queue;
    queue.push(this);
  }

  /** Gives up: leaves the queue, or closes the connection that nobody would use any more. */
  destroy(): void {
    if (this.opening !== undefined) return this.opening.destroy();
    const at = this.#queue.indexOf(this);
    if (at >= 0) this.#queue.splice(at, 1);
  }
}

/** A kept connection is closed this much before the upstream said it would close it, so that the two don't cross. */
const marginMs = 1_000;

/** The connections of one engine to one upstream. The most recently used is used next, so that the others can lapse. */
export class UpstreamConnections implements UpstreamSlot, ConnectionOwner {
  readonly #upstream: Upstream;
  readonly #settings: ConnectionSettings;
  readonly #idle: UpstreamConnection[] = [];
  readonly #open = new Set<UpstreamConnection>();
  /** Those that are idle and kept for one client each, because a login is bound to them; the first for the longest. */
  readonly #bound = new Set<UpstreamConnection>();
  readonly #waiting: WaitingPlace[] = [];
  readonly #onGone: () => void;
  #retired = false;

  /** @param onGone called when the upstream is retired and its last connection closed */
  constructor(upstream: Upstream, settings: ConnectionSettings, onGone: () => void) {
    this.#upstream = upstream;
    this.#settings = settings;
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
   */
  acquire(sink: ResponseSink, request: RequestFacts, fresh: boolean): Acquisition {
    const kept = fresh ? undefined : this.#idle.pop();
    if (kept !== undefined) {
      this.#settings.wheel.clear(kept.idleDeadline);
      kept.begin(sink, request);
      return kept;
    }
    const { connectionsPerUpstream } = this.#settings;
    // A login that is not being used makes room for a request.
    if (this.#open.size >= connectionsPerUpstream) this.#firstBound()?.destroy();
    if (this.#open.size < connectionsPerUpstream) return this.#connect(sink, request);
    return new WaitingPlace(sink, request, this.#waiting);
  }

  /** Begins an exchange on a connection that was kept for its client. */
  resume(connection: UpstreamConnection, sink: ResponseSink, request: RequestFacts): Acquisition {
    this.#bound.delete(connection);
    connection.begin(sink, request);
    return connection;
  }

  connectionIdle(connection: UpstreamConnection, keepMs: number | undefined): void {
    if (connection.bound) return this.#keepBound(connection);
    const next = this.#waiting.shift();
    if (next !== undefined) {
      connection.begin(next.sink, next.request);
      return;
    }
    const { idleMs, wheel } = this.#settings;
    const keptMs = keepMs === undefined ? idleMs : Math.min(idleMs, keepMs - marginMs);
    if (this.#retired || keptMs <= 0) connection.destroy();
    else {
      wheel.set(connection.idleDeadline, keptMs);
      this.#idle.push(connection);
    }
  }

  connectionClosed(connection: UpstreamConnection): void {
    this.#settings.wheel.forget(connection.idleDeadline);
    this.#open.delete(connection);
    this.#bound.delete(connection);
    connection.keeper?.lost(connection);
    const at = this.#idle.lastIndexOf(connection);
    if (at >= 0) this.#idle.splice(at, 1);
    const next = this.#waiting.shift();
    if (next !== undefined) next.opening = this.#connect(next.sink, next.request);
    else if (this.#retired && this.#open.size === 0) this.#onGone();
  }

  retire(): void {
    this.#retired = true;
    this.#closeIdle();
    if (this.#open.size === 0) this.#onGone();
  }

  setAside(): void {
    this.#closeIdle();
    // Those in the queue first: a place that becomes free would only be given to the next of them.
    for (const place of [...this.#waiting]) if (place.opening === undefined) place.sink.onSetAside();
    for (const connection of [...this.#open]) connection.upstreamSetAside();
  }

  /** Cuts every connection, busy or not. */
  close(): void {
    this.#waiting.length = 0;
    this.retire();
    for (const connection of [...this.#open]) connection.destroy();
  }

  /** How long is its client's matter: it lives as long as the client's connection. */
  #keepBound(connection: UpstreamConnection): void {
    const { keeper } = connection;
    // Those who wait have no other place to hope for when all connections are bound.
    if (keeper === undefined || this.#retired || this.#waiting.length > 0) return connection.destroy();
    this.#bound.add(connection);
    keeper.keep(connection);
  }

  #firstBound(): UpstreamConnection | undefined {
    for (const connection of this.#bound) return connection;
    return undefined;
  }

  #closeIdle(): void {
    for (const connection of this.#idle.splice(0)) connection.destroy();
    for (const connection of [...this.#bound]) connection.destroy();
  }

  #connect(sink: ResponseSink, request: RequestFacts): UpstreamConnection {
    const { batch, clock, limits, memory } = this.#settings;
    const connection = new UpstreamConnection(
      { upstream: this.#upstream, owner: this, batch, clock, limits, memory },
      sink,
      request,
    );
    this.#open.add(connection);
    return connection;
  }
}
