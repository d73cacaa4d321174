/** The times by which instances rely on each other; all of a service have the same. In milliseconds. */
export interface CacheTimes {
  /** Time between two looks at the state in the database. */
  readonly pollMs: number;
  /** For how long after the beginning of a look its result counts. */
  readonly trustMs: number;
  /** How long a writer waits in addition, for clocks that do not run alike. */
  readonly marginMs: number;
  /** How often an instance that is cut off says so again. */
  readonly renewMs: number;
  /** For how long after that it may rely on being known as cut off. */
  readonly coverMs: number;
  /** After how long without a sign an instance that was cut off counts as gone. Well above `coverMs`. */
  readonly forgetMs: number;
  /** How often a Redis that was too slow is tried again. */
  readonly retryMs: number;
  /** How long a read, or a write that begins, waits for Redis: the database may answer sooner. */
  readonly replyMs: number;
  /** How long a write that ends waits for Redis: what follows is slower. */
  readonly endMs: number;
}

export const cacheTimes: CacheTimes = {
  pollMs: 500,
  trustMs: 1_000,
  marginMs: 100,
  renewMs: 5_000,
  coverMs: 15_000,
  forgetMs: 30_000,
  retryMs: 1_000,
  replyMs: 50,
  endMs: 250,
};
