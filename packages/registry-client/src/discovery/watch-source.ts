import type { WatchEvent } from '@flotilla/contracts';

/** What a watcher wants to hear, and who listens. */
export interface WatchRequest {
  readonly services: readonly string[];
  /** Resume after this revision; undefined: begin with a snapshot. */
  readonly from: number | undefined;
  /** The history that revision belongs to, as far as it is known. */
  readonly history: string | undefined;
  /** Something arrived, were it only a comment: the connection is alive. */
  onActivity(): void;
  /**
   * The next event, in the registry's order. A resumed stream sends a `bookmark` once it has sent everything that was
   * missed. If this throws, the stream ends with that error.
   */
  onEvent(event: WatchEvent): void;
  /** This one stream's own. */
  readonly signal: AbortSignal;
}

/** What the watcher needs of one kind of registry. */
export interface WatchSource {
  /** How long a stream may be silent before it counts as lost, in milliseconds. Undefined: silence says nothing. */
  readonly silenceLimitMs: number | undefined;
  /** Runs one stream to its end: resolves when the registry ends it, rejects when it fails or `signal` aborts. */
  run(request: WatchRequest): Promise<void>;
  /** Frees connections. */
  close(): void;
}
