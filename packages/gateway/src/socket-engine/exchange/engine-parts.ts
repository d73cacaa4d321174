import type { TraceIds } from '@flotilla/kit/telemetry';
import type { RequestHandler } from '../../engine/engine.ts';
import type { ExchangeRecord } from '../../exchange/exchange-record.ts';
import type { ForwardingRules } from '../../headers/request-fields.ts';
import type { Upstream } from '../../upstream/upstream.ts';
import type { TurnClock } from '../time/turn-clock.ts';
import type { ConnectionSettings } from '../upstream/connection-settings.ts';
import { UpstreamConnections } from '../upstream/upstream-connections.ts';
import { UpstreamRoom } from '../upstream/upstream-room.ts';
import type { LongLivedExchanges } from './long-lived-exchanges.ts';
import type { WaitingRequests } from './waiting-requests.ts';

/** What every exchange of an engine shares. */
export interface EngineParts {
  readonly handler: RequestHandler;
  readonly forwarding: ForwardingRules;
  readonly clock: TurnClock;
  readonly traceIds: TraceIds;
  /** Tunnels and streams of events. */
  readonly longLived: LongLivedExchanges;
  /** Requests that wait for a policy. */
  readonly waiting: WaitingRequests;
  /** How long a request's body may take before its rate counts. */
  readonly bodyGraceMs: number;
  /** The longest silence while a request's body arrives. */
  readonly bodyProgressMs: number;
  /** The longest time in which a client takes nothing of its answer. */
  readonly writeProgressMs: number;
  /** The longest silence in a tunnel. */
  readonly tunnelIdleMs: number;
  /** The exchange is over: hands its record in, and counts it as no longer active. */
  finished(record: ExchangeRecord): void;
  connectionsTo(upstream: Upstream): UpstreamConnections;
}

/** The connections to all upstreams of one engine. Each upstream carries its own in its slot. */
export class ConnectionTable {
  readonly #settings: ConnectionSettings;
  readonly #all = new Set<UpstreamConnections>();

  /** @param settings `openFiles`: how many may be open to all upstreams together, as far as there are file descriptors */
  constructor(settings: Omit<ConnectionSettings, 'room'> & { readonly openFiles: number }) {
    const room = new UpstreamRoom(settings.openFiles, () => this.#closeIdle());
    this.#settings = { ...settings, room };
  }

  /** Open connections to all upstreams, idle ones included. */
  get size(): number {
    let size = 0;
    for (const connections of this.#all) size += connections.size;
    return size;
  }

  of(upstream: Upstream): UpstreamConnections {
    const { slot } = upstream;
    if (slot instanceof UpstreamConnections && this.#all.has(slot)) return slot;
    const created = new UpstreamConnections(upstream, this.#settings, () => this.#all.delete(created));
    upstream.slot = created;
    this.#all.add(created);
    return created;
  }

  close(): void {
    for (const connections of [...this.#all]) connections.close();
  }

  #closeIdle(): boolean {
    return this.#all.values().some((connections) => connections.closeIdle());
  }
}
