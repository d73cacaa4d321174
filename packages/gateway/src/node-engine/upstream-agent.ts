import { Agent } from 'node:http';
import type { EngineLimits } from '../config/limits.ts';
import type { EngineTimeouts } from '../config/timeouts.ts';
import type { Upstream, UpstreamSlot } from '../upstream/upstream.ts';

/** The kept connections to one upstream. */
export class UpstreamAgent implements UpstreamSlot {
  readonly agent: Agent;

  constructor(limits: EngineLimits, timeouts: EngineTimeouts) {
    this.agent = new Agent({
      keepAlive: true,
      // Most recently used first: the others get old enough to be closed.
      scheduling: 'lifo',
      maxSockets: limits.connectionsPerUpstream,
      maxFreeSockets: limits.connectionsPerUpstream,
      timeout: timeouts.upstreamIdleMs,
    });
  }

  retire(): void {
    // Those in use find no room among the free ones when they are done, and close.
    this.agent.maxFreeSockets = 0;
    for (const sockets of Object.values(this.agent.freeSockets)) for (const socket of sockets ?? []) socket.destroy();
  }
}

/** All agents of an engine. */
export class UpstreamAgents {
  readonly #limits: EngineLimits;
  readonly #timeouts: EngineTimeouts;
  readonly #all = new Set<UpstreamAgent>();

  constructor(limits: EngineLimits, timeouts: EngineTimeouts) {
    this.#limits = limits;
    this.#timeouts = timeouts;
  }

  of(upstream: Upstream): Agent {
    if (upstream.slot instanceof UpstreamAgent) return upstream.slot.agent;
    const created = new UpstreamAgent(this.#limits, this.#timeouts);
    upstream.slot = created;
    this.#all.add(created);
    return created.agent;
  }

  /** Cuts all connections. */
  destroy(): void {
    for (const { agent } of this.#all) agent.destroy();
    this.#all.clear();
  }
}
