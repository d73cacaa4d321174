import type { ServiceInstance } from '@flotilla/contracts';

/** The shortest and the longest time an instance is held: longer than a registrar waits, and no longer than minutes. */
const minHoldMs = 10_000;
const maxHoldMs = 300_000;

interface Held {
  readonly instance: ServiceInstance;
  /** On the monotonic clock; undefined while the registry is away: then the time does not run. */
  untilMs: number | undefined;
}

/**
 * Instances of one service that the registry knew in an earlier history and has not heard of in this one. One that lives
 * registers within the time of its lease; so long it is used on.
 */
export class HeldInstances {
  readonly #byId = new Map<string, Held>();

  get size(): number {
    return this.#byId.size;
  }

  /** When the first one's time is over. */
  get nextReleaseMs(): number | undefined {
    let next: number | undefined;
    for (const { untilMs } of this.#byId.values())
      if (untilMs !== undefined && (next === undefined || untilMs < next)) next = untilMs;
    return next;
  }

  instances(): readonly ServiceInstance[] {
    return [...this.#byId.values()].map(({ instance }) => instance);
  }

  /** Holds an instance, if it was served; one that is held already keeps its time. */
  add(instance: ServiceInstance, nowMs: number): void {
    if (!instance.ready || this.#byId.has(instance.id)) return;
    this.#byId.set(instance.id, { instance, untilMs: nowMs + holdMs(instance) });
  }

  /** Lets go of the one of that id. */
  remove(id: string): boolean {
    return this.#byId.delete(id);
  }

  /** Lets go of the instance at a place: it has registered again, or somebody else is there now. */
  removeAt({ address, port }: Pick<ServiceInstance, 'address' | 'port'>): boolean {
    for (const { instance } of this.#byId.values())
      if (instance.port === port && instance.address === address) return this.#byId.delete(instance.id);
    return false;
  }

  /** Lets go of those whose time is over. */
  release(nowMs: number): boolean {
    const over = [...this.#byId].filter(([, { untilMs }]) => untilMs !== undefined && untilMs <= nowMs);
    for (const [id] of over) this.#byId.delete(id);
    return over.length > 0;
  }

  /** The registry is away: nobody can register, so nobody's time runs. */
  pause(): void {
    for (const held of this.#byId.values()) held.untilMs = undefined;
  }

  /** The registry is there again. */
  resume(nowMs: number): void {
    for (const held of this.#byId.values()) held.untilMs ??= nowMs + holdMs(held.instance);
  }
}

function holdMs({ lease_ms }: ServiceInstance): number {
  return Math.min(maxHoldMs, Math.max(minHoldMs, lease_ms));
}
