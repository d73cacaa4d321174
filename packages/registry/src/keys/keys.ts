import { type Actor, requireRight } from '../write/actor.ts';
import type { Draft } from '../write/draft.ts';
import type { Intent } from '../write/write-queue.ts';
import { carryOut } from './carry-out.ts';
import { refuseWrongSetting } from './config-rules.ts';
import type { KeyEntry } from './key-entry.ts';
import type { KeyWatch, KeyWatchRequest } from './key-hub.ts';
import { type KeyLimits, refuseMoreKeys } from './key-limits.ts';
import type { KeyFailure, KeyOperation, KeyOutcome } from './key-operation.ts';
import type { LiveKeys } from './live-keys.ts';
import { rightFor } from './right-for.ts';
import { settled, WorkingKeys } from './working-keys.ts';

/** What {@link Keys} work with. */
export interface KeysOptions {
  readonly live: LiveKeys;
  readonly submit: <T>(decide: (draft: Draft) => Intent<T>) => Promise<T>;
  readonly limits: KeyLimits;
}

/** What a write of the batch has to do with, when it writes or reads many keys. */
const allKeys = 'keys';

/**
 * The keys: bytes under names, in order, changed by transactions. Reads are answered from memory; what is changed is durable
 * before it is answered. Names and sizes are checked before they come here.
 */
export class Keys {
  readonly #options: KeysOptions;
  readonly #live: LiveKeys;

  constructor(options: KeysOptions) {
    this.#options = options;
    this.#live = options.live;
  }

  /** How many keys there are. */
  get size(): number {
    return this.#live.size;
  }

  /** The bytes of all keys and their values. */
  get bytes(): number {
    return this.#live.bytes;
  }

  get(key: string): KeyEntry | undefined {
    return this.#live.get(key);
  }

  /** The keys that begin with `prefix`, in the order of their bytes; those after `after` if it is given. */
  under(prefix: string, after?: string): Iterable<KeyEntry> {
    return this.#live.under(prefix, after);
  }

  /** What to wait for on `registry.topics`: it rises with each change of this key, there or not, and with nothing else. */
  topicOfKey(key: string): string {
    return this.#live.topicOfKey(key);
  }

  /** As {@link topicOfKey}, for all keys that begin with `prefix`. */
  topicOfPrefix(prefix: string): string {
    return this.#live.topicOfPrefix(prefix);
  }

  /** Follows the changes. @throws {AppError} OVERLOADED when too many do already, SHUTTING_DOWN when the registry stops */
  watch(request: KeyWatchRequest): KeyWatch {
    return this.#live.hub.watch(request);
  }

  /**
   * Carries out all operations, in order, or none. What changes nothing is no change: it wakes nobody. Rejects with KEY_LIMIT if
   * there would be too much, with INVALID_SETTING if a service has said that it will not take a value.
   */
  transact(operations: readonly KeyOperation[], actor?: Actor): Promise<KeyOutcome> {
    return this.#options.submit((draft) => {
      for (const right of operations.map(rightFor)) if (right !== undefined) requireRight(actor, right);
      return { ...this.#decide(operations, draft), actor };
    });
  }

  #decide(operations: readonly KeyOperation[], draft: Draft): Intent<KeyOutcome> {
    const live = this.#live;
    askFor(operations, draft);
    const keys = new WorkingKeys(live);
    const conditions = sessionsOf(operations).map((session) => ({
      kind: 'session' as const,
      key: session,
      revision: live.sessions.get(session)?.revision ?? 0,
    }));
    const surroundings = {
      delays: live.delays,
      isLive: (session: string): boolean => {
        const entry = live.sessions.get(session);
        return entry !== undefined && !live.sessions.isOver(entry);
      },
    };
    const results: (readonly KeyEntry[])[] = [];
    const failures: (KeyFailure & { at: number })[] = [];
    for (const [at, operation] of operations.entries()) {
      refuseWrongSetting(operation, keys);
      const done = carryOut(operation, keys, surroundings);
      if ('why' in done) failures.push({ ...done, at });
      else results.push(done);
    }
    if (failures.length > 0) return { changes: [], conditions: [], finish: () => ({ kind: 'failed', failures }) };
    const added = keys.added();
    const { addedKeys } = draft;
    refuseMoreKeys(
      this.#options.limits,
      { keys: live.size + addedKeys.keys, bytes: live.bytes + addedKeys.bytes },
      added,
    );
    return {
      changes: keys.changes(),
      conditions: [...keys.conditions(), ...conditions],
      keys: added,
      finish: (revision) => ({
        kind: 'done',
        results: results.map((entries) => entries.map((entry) => settled(entry, revision))),
      }),
    };
  }
}

/** Says what the operations depend on, so that no other write of the batch comes between. */
function askFor(operations: readonly KeyOperation[], draft: Draft): void {
  const areMany = operations.some((operation) => 'prefix' in operation);
  if (areMany) draft.ask(allKeys);
  else draft.share(allKeys);
  for (const session of sessionsOf(operations)) draft.share(`session ${session}`);
  for (const operation of operations) if ('key' in operation) draft.ask(`key ${operation.key}`);
}

function sessionsOf(operations: readonly KeyOperation[]): readonly string[] {
  return [...new Set(operations.flatMap((operation) => (operation.verb === 'lock' ? operation.session : [])))];
}
