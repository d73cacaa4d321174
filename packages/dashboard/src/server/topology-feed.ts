import type { Clock, ServiceInstance, Timer } from '@flotilla/contracts';
import type { Telemetry } from '../telemetry/index.ts';
import type { Topology, TopologyNode } from '../wire/index.ts';

/** What {@link TopologyFeed} needs. */
export interface TopologyFeedOptions {
  readonly telemetry: Telemetry;
  readonly instances: () => readonly ServiceInstance[];
  readonly clock: Clock;
}

/** What live pages show. */
export const liveRangeMs = 300_000;
/** Drawn anew no more often than this: it reads all calls of its range. */
const everyMs = 2_000;

/** Who calls whom, now and for those who follow it. */
export class TopologyFeed {
  readonly #options: TopologyFeedOptions;
  readonly #listeners = new Set<(topology: Topology) => void>();
  #forget: (() => void) | undefined;
  #timer: Timer | undefined;

  constructor(options: TopologyFeedOptions) {
    this.#options = options;
  }

  /** The calls of the last `rangeMs`. */
  async read(rangeMs: number): Promise<Topology> {
    const { telemetry, clock, instances } = this.#options;
    const nowMs = clock.now();
    const topology = await telemetry.queries.topology(nowMs - rangeMs, nowMs);
    return { ...topology, nodes: topology.nodes.map((node) => withInstances(node, instances())) };
  }

  /** Calls `listener` with the live topology, at once and when calls have come. Returns what ends that. */
  follow(listener: (topology: Topology) => void): () => void {
    this.#listeners.add(listener);
    this.#forget ??= this.#options.telemetry.onChange(({ spans }) => {
      if (spans) this.#plan();
    });
    void this.read(liveRangeMs).then(listener, () => undefined);
    return () => {
      this.#listeners.delete(listener);
      if (this.#listeners.size > 0) return;
      this.#forget?.();
      this.#forget = undefined;
      this.#timer?.cancel();
      this.#timer = undefined;
    };
  }

  #plan(): void {
    this.#timer ??= this.#options.clock.after(everyMs, () => {
      this.#timer = undefined;
      const tell = (topology: Topology): void => {
        for (const listener of this.#listeners) listener(topology);
      };
      // What is wrong with the store stands in the overview.
      void this.read(liveRangeMs).then(tell, () => undefined);
    });
  }
}

function withInstances(node: TopologyNode, instances: readonly ServiceInstance[]): TopologyNode {
  if (node.kind !== 'service' && node.kind !== 'gateway') return node;
  const own = instances.filter(({ name }) => name === node.id);
  return own.length === 0
    ? node
    : { ...node, instances: { healthy: own.filter(({ ready }) => ready).length, all: own.length } };
}
