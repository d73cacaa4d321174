import type { z } from 'zod';

/**
 * Keeps what was read from a database, for all instances of a service together. A read that begins after a write was
 * acknowledged never finds an older value, whichever instances they reach; docs/adr/0053 says how, and under what conditions.
 */
export interface Cache {
  /**
   * What is kept of one kind of record.
   *
   * @param name one word, such as `users`: part of the keys in Redis and of the metrics
   * @param schema what a kept value must look like; what does not is ignored. Its values must survive JSON unchanged
   */
  kind<T>(name: string, schema: z.ZodType<T>): CachedKind<T>;
  close(): Promise<void>;
}

/** What is kept of one kind of record. */
export interface CachedKind<T> {
  /**
   * The record with this id: the one that is kept, or what `load` finds in the database. Reads of one id at one time share the
   * work, but never one that has begun before them. Whatever happens to Redis is no error here.
   */
  read(id: number | string, load: () => Promise<T | undefined>): Promise<T | undefined>;
  /**
   * Announces a write of the record with this id. To be called before the write takes effect; the function that it resolves
   * with is to be called when that has ended, well or not, and before anybody is told.
   */
  beginWrite(id: number | string): Promise<EndWrite>;
}

/**
 * Ends a write: nobody finds an older value after it has resolved.
 *
 * @throws {AppError} STORAGE_UNAVAILABLE when neither Redis nor the database can be told; the write must not be acknowledged
 */
export type EndWrite = () => Promise<void>;
