import { Flights } from '../scheduling/index.ts';
import type { Cache, CachedKind, EndWrite } from './cache.ts';

/**
 * What a service uses that has no Redis. It keeps nothing, since other instances may write to the database; reads of one record at
 * one time share the work.
 */
export function directCache(): Cache {
  return {
    kind: <T>() => new DirectKind<T>(),
    close: () => Promise.resolve(),
  };
}

class DirectKind<T> implements CachedKind<T> {
  readonly #flights = new Flights();

  read(id: number | string, load: () => Promise<T | undefined>): Promise<T | undefined> {
    return this.#flights.run(String(id), load);
  }

  beginWrite(): Promise<EndWrite> {
    return Promise.resolve(nothing);
  }
}

function nothing(): Promise<void> {
  return Promise.resolve();
}
