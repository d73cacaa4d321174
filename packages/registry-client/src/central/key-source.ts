/** The keys below a prefix, all of one moment. */
export interface KeyList {
  /** By the keys without the prefix. */
  readonly texts: ReadonlyMap<string, string>;
  /** Where the next question goes on. */
  readonly index: string;
  /** Names what the registry's memory is part of; another one means that it has lost its data. Undefined: it does not say. */
  readonly history: string | undefined;
}

/** One key. */
export interface KeyValue {
  readonly text: string;
  /** Changes with each write. */
  readonly revision: string;
}

/** What came of writing a key. */
export type WriteOutcome = 'written' | 'conflict' | 'no-keys';

/** After how long a registry that has no keys is asked again: it may have been updated. */
export const noKeysAgainMs = 30_000;

/** What central config needs of one kind of registry. */
export interface KeySource {
  /**
   * Reads all keys below a prefix. With `after`, it waits until one of them may have changed since, or for a while. Rejects
   * with REGISTRY_UNAVAILABLE if the registry could not be asked. Undefined: it answered that it has no keys at all, since it
   * is of an earlier release, say.
   */
  list(prefix: string, after: string | undefined, signal: AbortSignal): Promise<KeyList | undefined>;
  /** Undefined: there is no such key. */
  read(key: string, signal: AbortSignal): Promise<KeyValue | undefined>;
  /** Writes a key that is as it was read. `conflict`: it has changed since. `no-keys`: the registry has no keys at all. */
  write(key: string, text: string, before: KeyValue | undefined, signal: AbortSignal): Promise<WriteOutcome>;
  /** Frees connections. */
  close(): void;
}
