/** A script that Redis runs as one step. */
export interface RedisScript {
  /** What it does, for spans and metrics; Redis does not know it. */
  readonly name: string;
  readonly lua: string;
  /** The SHA-1 of its text, by which Redis knows it. */
  readonly sha: string;
}

/** What Redis replies: texts, whole numbers, lists, or null for nothing. */
export type RedisReply = string | number | null | readonly RedisReply[];

/**
 * A program's connection to Redis. It reconnects by itself, and nothing waits for it: while there is no connection, every call
 * fails at once. One connection sends everything, in order, so a later command finds what an earlier one did.
 */
export interface Redis {
  /**
   * Which run of which server answers: another one after a restart, which may have brought back old data, or after a failover.
   * Undefined while there is none that can be used.
   */
  readonly run: string | undefined;
  /** Resolves when the first attempt to connect has ended, well or not; after `limitMs` at the latest. */
  settled(limitMs: number): Promise<void>;
  /**
   * Sends a command.
   *
   * @param limitMs how long to wait for the reply, in milliseconds; Redis may still run the command after that
   * @throws {RedisError}
   */
  call(command: readonly [string, ...(string | number)[]], limitMs: number): Promise<RedisReply>;
  /** Runs a script on `keys`. @throws {RedisError} */
  script(
    script: RedisScript,
    keys: readonly string[],
    values: readonly (string | number)[],
    limitMs: number,
  ): Promise<RedisReply>;
  /** For the health check: rejects, with a message for the log, if Redis cannot be used. */
  check(): Promise<void>;
  close(): Promise<void>;
}
