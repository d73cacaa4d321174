import { type BalanceConfig, createBalancer } from '../balance/balance-config.ts';
import { UpstreamPool } from './upstream-pool.ts';
import type { UpstreamSet } from './upstream-set.ts';

/** The pools of all services. Routes that want the same balancing of the same service share one, so that it sees all. */
export class ServicePools {
  readonly sets: readonly UpstreamSet[];
  readonly #random: () => number;
  readonly #byService: ReadonlyMap<string, UpstreamSet>;
  readonly #pools = new Map<string, UpstreamPool>();

  /** @param random from 0 to below 1 */
  constructor(sets: readonly UpstreamSet[], random: () => number) {
    this.sets = sets;
    this.#random = random;
    this.#byService = new Map(sets.map((set) => [set.service, set]));
  }

  /** The pool for requests to `service` that are balanced as `balance` says. */
  of(service: string, balance: BalanceConfig): UpstreamPool {
    const name = `${service} ${JSON.stringify(balance)}`;
    let pool = this.#pools.get(name);
    if (pool === undefined) {
      const set = this.#byService.get(service);
      if (set === undefined) throw new Error(`No instances of ${service} are known`);
      pool = new UpstreamPool(set, createBalancer(balance, set.candidates, this.#random));
      this.#pools.set(name, pool);
    }
    return pool;
  }

  /** Stops following discovery. */
  close(): void {
    for (const set of this.sets) set.close();
  }
}
