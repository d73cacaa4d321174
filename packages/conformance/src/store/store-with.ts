import type { RecordStore } from '@flotilla/registry';

/** A store that does what `store` does, but for what `otherwise` does in its place. */
export function storeWith(store: RecordStore, otherwise: Partial<RecordStore>): RecordStore {
  return {
    owner: store.owner,
    maxChanges: store.maxChanges,
    load: () => store.load(),
    commit: (changes, conditions, lines) => store.commit(changes, conditions, lines),
    readTrail: (query) => store.readTrail(query),
    follow: (from, signal) => store.follow(from, signal),
    noteSeen: (signs, aliveMs) => store.noteSeen(signs, aliveMs),
    check: () => store.check(),
    close: () => store.close(),
    ...otherwise,
  };
}

/** A store whose contents outlive it, as a file's do: `close` is passed over. */
export function lastingStore(store: RecordStore): RecordStore {
  return storeWith(store, { close: async () => {} });
}
