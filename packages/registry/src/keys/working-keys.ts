import type { KeyValue } from '../record/key.ts';
import { afterPrefix, compareKeys } from '../record/key-order.ts';
import type { Change } from '../record/log-record.ts';
import type { Condition } from '../store/record-store.ts';
import type { KeyAmount } from '../write/draft.ts';
import { bytesOfKey, type KeyEntry } from './key-entry.ts';
import type { LiveKeys } from './live-keys.ts';

/** The revision of what a transaction has written, until it is committed: none that anybody can name. */
const pending = -1;

/** The keys as a transaction sees them: those in memory, and what it has done to them so far. */
export class WorkingKeys {
  readonly #live: Pick<LiveKeys, 'get' | 'under'>;
  readonly #written = new Map<string, KeyEntry | undefined>();
  readonly #removed: string[] = [];
  readonly #asked = new Set<string>();

  constructor(live: Pick<LiveKeys, 'get' | 'under'>) {
    this.#live = live;
  }

  get(key: string): KeyEntry | undefined {
    this.#asked.add(key);
    if (this.#written.has(key)) return this.#written.get(key);
    return this.#isRemoved(key) ? undefined : this.#live.get(key);
  }

  /** The keys that begin with a prefix, in order. */
  under(prefix: string): readonly KeyEntry[] {
    const live = [...this.#live.under(prefix)].filter(({ key }) => !this.#written.has(key) && !this.#isRemoved(key));
    const written = [...this.#written.values()].filter((entry) => entry?.key.startsWith(prefix) === true);
    return [...live, ...written.flatMap((entry) => entry ?? [])].sort((a, b) => compareKeys(a.key, b.key));
  }

  /**
   * Writes a key. Returns it as it is then; one that says the same stays as it was.
   *
   * @param isClaim it gets a new revision even so: of several who have read the same one, only one is to write
   */
  put(next: Omit<KeyEntry, 'createdRevision' | 'revision'>, isClaim: boolean): KeyEntry {
    const present = this.get(next.key);
    if (present !== undefined && !isClaim && isSame(present, next)) return present;
    const entry = { ...next, createdRevision: present?.createdRevision ?? pending, revision: pending };
    this.#written.set(next.key, entry);
    return entry;
  }

  delete(key: string): void {
    if (this.get(key) !== undefined) this.#written.set(key, undefined);
  }

  deleteUnder(prefix: string): void {
    for (const key of this.#written.keys()) if (key.startsWith(prefix)) this.#written.delete(key);
    if (!this.#live.under(prefix).next().done) this.#removed.push(prefix);
  }

  /** What has to be changed. */
  changes(): readonly Change[] {
    const changes: Change[] = this.#removed.map((prefix) => ({
      type: 'delete-range',
      kind: 'key',
      from: prefix,
      to: afterPrefix(prefix),
    }));
    for (const [key, entry] of this.#written) {
      const isThere = !this.#isRemoved(key) && this.#live.get(key) !== undefined;
      // One that was removed and is written again is another one.
      if (isThere && (entry === undefined || entry.createdRevision === pending))
        changes.push({ type: 'delete', kind: 'key', key });
      if (entry !== undefined) changes.push({ type: 'put', kind: 'key', key, value: valueOf(entry) });
    }
    return changes;
  }

  /** What has to be as it was read. */
  conditions(): readonly Condition[] {
    return [...this.#asked].map((key) => ({ kind: 'key', key, revision: this.#live.get(key)?.revision ?? 0 }));
  }

  /** What there will be more than there is. */
  added(): KeyAmount {
    const before = new Map<string, KeyEntry>();
    for (const prefix of this.#removed) for (const entry of this.#live.under(prefix)) before.set(entry.key, entry);
    let keys = 0;
    let bytes = 0;
    for (const [key, entry] of this.#written) {
      const present = this.#live.get(key);
      if (present !== undefined) before.set(key, present);
      if (entry === undefined) continue;
      keys += 1;
      bytes += bytesOfKey(key, entry.value);
    }
    for (const { key, value } of before.values()) bytes -= bytesOfKey(key, value);
    return { keys: keys - before.size, bytes };
  }

  #isRemoved(key: string): boolean {
    return this.#removed.some((prefix) => key.startsWith(prefix));
  }
}

/** What was written, now that it is known at which revision. */
export function settled(entry: KeyEntry, revision: number): KeyEntry {
  if (entry.revision !== pending) return entry;
  return { ...entry, revision, createdRevision: entry.createdRevision === pending ? revision : entry.createdRevision };
}

function isSame(present: KeyEntry, next: Omit<KeyEntry, 'createdRevision' | 'revision'>): boolean {
  return (
    present.value === next.value &&
    present.flags === next.flags &&
    present.session === next.session &&
    present.lockIndex === next.lockIndex
  );
}

function valueOf({ key, value, flags, lockIndex, session }: KeyEntry): KeyValue {
  return {
    key,
    value,
    ...(flags === '0' ? {} : { flags }),
    ...(lockIndex === 0 ? {} : { lockIndex }),
    ...(session === undefined ? {} : { session }),
  };
}
