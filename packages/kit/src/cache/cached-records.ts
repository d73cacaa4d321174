import type { RecordRow, RecordStore, Transaction } from '../database/index.ts';
import type { CachedKind } from './cache.ts';

/**
 * The records of a store, read by id from a cache. Lists come from the database. Every write through it removes what is kept of
 * its record, also one in a transaction; whoever writes to the table in another way has to call `beginWrite`.
 */
export function cachedRecords<Row extends RecordRow, Shown>(
  store: RecordStore<Row, Shown>,
  cached: CachedKind<Shown>,
): RecordStore<Row, Shown> {
  const guarded = async <T>(id: number, write: () => Promise<T>): Promise<T> => {
    const end = await cached.beginWrite(id);
    try {
      return await write();
    } finally {
      await end();
    }
  };
  const records: RecordStore<Row, Shown> = {
    ...store,
    find: (id) => cached.read(id, () => store.find(id)),
    // Reading once more is the way to its error.
    get: async (id) => (await cached.read(id, () => store.find(id))) ?? store.get(id),
    change: (id, values, condition) => guarded(id, () => store.change(id, values, condition)),
    remove: (id, condition) => guarded(id, () => store.remove(id, condition)),
    within(transaction) {
      if (transaction === undefined) return records;
      const inside = store.within(transaction);
      const announced = async <T>(id: number, write: () => Promise<T>): Promise<T> => {
        await beginWriteIn(transaction, cached, id);
        return write();
      };
      return {
        ...inside,
        change: (id, values, condition) => announced(id, () => inside.change(id, values, condition)),
        remove: (id, condition) => announced(id, () => inside.remove(id, condition)),
      };
    },
  };
  return records;
}

/** Announces a write in a transaction, which ends with it. For writes that are not made through {@link cachedRecords}. */
export async function beginWriteIn<T>(
  transaction: Transaction,
  cached: CachedKind<T>,
  id: number | string,
): Promise<void> {
  transaction.afterwards(await cached.beginWrite(id));
}
