import { type ClientHttp2Session, connect } from 'node:http2';
import { dialFailure } from '../../attempt/outcome.ts';
import type { Upstream } from '../../upstream/upstream.ts';
import type { AttemptSink } from '../sides/response-sink.ts';
import type { Acquisition, StreamPool } from '../sides/stream-pool.ts';
import type { OutgoingRequest } from '../sides/upstream-side.ts';
import { Alarm } from '../time/timer-wheel.ts';
import type { TurnClock } from '../time/turn.ts';
import { type Dialer, plainDialer } from './dialer.ts';
import { Http2Stream, type Http2StreamOwner } from './http2-stream.ts';
import type { PoolSettings } from './pool-settings.ts';
import type { CreateStreamPool } from './stream-pools.ts';

/**
 * HTTP/2 with prior knowledge (RFC 9113, 3.3), over connections that `dialer` opens. For requests and their answers: it
 * offers no upgrades, and how many streams a connection carries is the upstream's matter alone.
 */
export function http2Streams(dialer: Dialer = plainDialer): CreateStreamPool {
  return (upstream, settings, onGone) => new Http2Pool(dialer, upstream, settings, onGone);
}

/** The streams of one engine to one upstream: all on one connection, until that takes no more. */
class Http2Pool implements StreamPool {
  readonly #dialer: Dialer;
  readonly #upstream: Upstream;
  readonly #settings: PoolSettings;
  readonly #onGone: () => void;
  readonly #open = new Set<Http2Connection>();
  #current: Http2Connection | undefined;
  #retired = false;

  constructor(dialer: Dialer, upstream: Upstream, settings: PoolSettings, onGone: () => void) {
    this.#dialer = dialer;
    this.#upstream = upstream;
    this.#settings = settings;
    this.#onGone = onGone;
  }

  get size(): number {
    return this.#open.size;
  }

  acquire(attempt: AttemptSink, request: OutgoingRequest, fresh: boolean): Acquisition | undefined {
    if (request.offered.length > 0) {
      attempt.onFailure({ kind: 'invalid', reason: 'no-upgrade-in-http-2' });
      return undefined;
    }
    const kept = fresh ? undefined : this.#current;
    if (kept?.takesMore === true) return kept.begin(attempt);
    const exhausted = this.#settings.room.take();
    if (exhausted !== undefined) {
      attempt.onFailure(exhausted);
      return undefined;
    }
    const connection = new Http2Connection(this.#dialer, this.#upstream, this.#settings, () =>
      this.#onClosed(connection),
    );
    this.#open.add(connection);
    this.#current = connection;
    return connection.begin(attempt);
  }

  closeIdle(): boolean {
    const idle = this.#open.values().find((connection) => connection.idle);
    idle?.destroy();
    return idle !== undefined;
  }

  retire(): void {
    this.#retired = true;
    for (const connection of [...this.#open]) connection.drain();
    if (this.#open.size === 0) this.#onGone();
  }

  setAside(): void {
    for (const connection of [...this.#open]) connection.setAside();
  }

  close(): void {
    this.retire();
    for (const connection of [...this.#open]) connection.destroy();
  }

  #onClosed(connection: Http2Connection): void {
    if (!this.#open.delete(connection)) return;
    if (this.#current === connection) this.#current = undefined;
    this.#settings.room.give();
    if (this.#retired && this.#open.size === 0) this.#onGone();
  }
}

/** One connection and its streams. */
class Http2Connection implements Http2StreamOwner {
  readonly upstream: Upstream;
  readonly clock: TurnClock;
  readonly scheme: string;
  readonly session: ClientHttp2Session;
  reused = false;
  readonly #settings: PoolSettings;
  readonly #streams = new Set<Http2Stream>();
  readonly #idleAlarm = new Alarm(() => this.session.close());
  readonly #onClosed: () => void;
  #connected = false;
  #cause: unknown = undefined;

  constructor(dialer: Dialer, upstream: Upstream, settings: PoolSettings, onClosed: () => void) {
    this.upstream = upstream;
    this.clock = settings.clock;
    this.scheme = dialer.scheme;
    this.#settings = settings;
    this.#onClosed = onClosed;
    const { maxFields, maxHeadBytes } = settings.limits;
    this.session = connect(`${dialer.scheme}://${upstream.authority}`, {
      createConnection: () => dialer.dial(upstream),
      settings: { enablePush: false, maxHeaderListSize: maxHeadBytes },
      maxHeaderListPairs: maxFields,
    });
    this.session.on('connect', () => this.#onConnect());
    this.session.on('error', (cause) => {
      this.#cause = cause;
    });
    this.session.on('close', () => this.#onClose());
  }

  /** Whether another stream may begin: no GOAWAY has come, and the connection is not closed. */
  get takesMore(): boolean {
    return !this.session.closed && !this.session.destroyed;
  }

  get idle(): boolean {
    return this.#streams.size === 0;
  }

  begin(attempt: AttemptSink): Acquisition {
    const stream = new Http2Stream(this, attempt);
    this.#streams.add(stream);
    this.#settings.wheel.clear(this.#idleAlarm);
    if (this.#connected) stream.open();
    return stream;
  }

  streamClosed(stream: Http2Stream): void {
    this.reused = true;
    if (!this.#streams.delete(stream) || this.#streams.size > 0 || !this.takesMore) return;
    // Nobody waits for a connection that does not stand yet.
    if (this.#connected) this.#settings.wheel.set(this.#idleAlarm, this.#settings.idleMs);
    else this.destroy();
  }

  /** Begins no more streams, and closes when the last is over. */
  drain(): void {
    this.session.close();
  }

  /** Closes when idle, and tells those who wait for the first byte of an answer. */
  setAside(): void {
    if (this.idle) this.destroy();
    else for (const stream of [...this.#streams]) stream.upstreamSetAside();
  }

  destroy(): void {
    this.session.destroy();
  }

  #onConnect(): void {
    this.clock.refresh();
    this.#connected = true;
    for (const stream of [...this.#streams]) stream.open();
  }

  #onClose(): void {
    this.clock.refresh();
    this.#settings.wheel.forget(this.#idleAlarm);
    this.#onClosed();
    // Those that have begun hear of it by themselves.
    if (this.#connected) return;
    for (const stream of [...this.#streams]) stream.fail(dialFailure(this.upstream.address, this.#cause));
  }
}
