import { isIP } from 'node:net';
import type { Clock } from '@flotilla/contracts';
import type { Registry } from '../registry.ts';

/** Where an instance that gets new work is. */
export interface Endpoint {
  readonly address: string;
  /** 0: the address is a host name. */
  readonly family: 0 | 4 | 6;
  readonly port: number;
  readonly weight: number;
  /** In small letters. */
  readonly tags: ReadonlySet<string>;
}

interface Kept<T> {
  readonly value: T;
  readonly index: number;
  readonly madeMs: number;
}

/** How long what was looked up is used without a change of the registry: instances can be hidden without one. */
const keepMs = 1_000;

/** The most services whose endpoints are kept. */
const maxKept = 2_048;

/** Finds the instances of services for DNS, which asks for the same again and again, and in any case of letters. */
export class ServiceLookup {
  readonly #registry: Pick<Registry, 'view' | 'revision'>;
  readonly #clock: Pick<Clock, 'monotonicMs'>;
  readonly #kept = new Map<string, Kept<readonly Endpoint[]>>();
  #names: Kept<ReadonlyMap<string, readonly string[]>> | undefined;

  constructor(registry: Pick<Registry, 'view' | 'revision'>, clock: Pick<Clock, 'monotonicMs'>) {
    this.#registry = registry;
    this.#clock = clock;
  }

  /** The instances of a service, in small letters, that get new work; undefined if there is no such service. */
  endpoints(service: string): readonly Endpoint[] | undefined {
    const names = this.#spellings().get(service);
    if (names === undefined) return undefined;
    const kept = this.#kept.get(service);
    if (this.#isCurrent(kept)) return kept.value;
    const value = names.flatMap((name) => this.#endpointsOf(name));
    if (this.#kept.size >= maxKept) this.#kept.clear();
    this.#kept.set(service, this.#now(value));
    return value;
  }

  #endpointsOf(name: string): readonly Endpoint[] {
    return this.#registry.view
      .instances(name)
      .filter(({ shown }) => shown.ready)
      .map(({ shown: { address, port, weight, tags } }) => ({
        ...endpointAt(address),
        port,
        weight,
        tags: new Set(tags.map((tag) => tag.toLowerCase())),
      }));
  }

  /** All spellings of each name, by the one in small letters. */
  #spellings(): ReadonlyMap<string, readonly string[]> {
    if (this.#isCurrent(this.#names)) return this.#names.value;
    const value = Map.groupBy(this.#registry.view.names, (name) => name.toLowerCase());
    this.#names = this.#now(value);
    return value;
  }

  #now<T>(value: T): Kept<T> {
    return { value, index: this.#registry.revision, madeMs: this.#clock.monotonicMs() };
  }

  #isCurrent<T>(kept: Kept<T> | undefined): kept is Kept<T> {
    return (
      kept !== undefined && kept.index === this.#registry.revision && this.#clock.monotonicMs() - kept.madeMs < keepMs
    );
  }
}

/** An address, and of which family it is. */
export function endpointAt(address: string): Pick<Endpoint, 'address' | 'family'> {
  const family = isIP(address);
  return { address, family: family === 4 || family === 6 ? family : 0 };
}
