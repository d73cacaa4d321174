import type { KeyEntry } from './key-entry.ts';
import type { KeyFailure, KeyOperation } from './key-operation.ts';
import type { LiveKeys } from './live-keys.ts';
import type { WorkingKeys } from './working-keys.ts';

/** What steps need to know beside the keys. */
export interface Surroundings {
  readonly delays: Pick<LiveKeys['delays'], 'leftMs'>;
  /** Whether a session is there, and has not come to its end. */
  readonly isLive: (session: string) => boolean;
}

type Done = readonly KeyEntry[] | KeyFailure;

/** Carries out one step. Returns what it wrote or read, or why it could not be done. */
export function carryOut(operation: KeyOperation, keys: WorkingKeys, surroundings: Surroundings): Done {
  switch (operation.verb) {
    case 'set':
      return [write(operation, keys)];
    case 'set-at':
      return changed(operation, keys) ?? [write(operation, keys)];
    case 'lock':
      return lock(operation, keys, surroundings);
    case 'unlock':
      return notHeld(operation, keys) ?? [write(operation, keys, { session: undefined })];
    case 'delete':
      keys.delete(operation.key);
      return [];
    case 'delete-at':
      return deleteAt(operation, keys);
    case 'delete-under':
      keys.deleteUnder(operation.prefix);
      return [];
    case 'get': {
      const entry = keys.get(operation.key);
      return entry === undefined ? { why: 'missing', key: operation.key } : [entry];
    }
    case 'get-if-there': {
      const entry = keys.get(operation.key);
      return entry === undefined ? [] : [entry];
    }
    case 'get-under':
      return keys.under(operation.prefix);
    case 'check-at': {
      const entry = keys.get(operation.key);
      if (entry === undefined) return { why: 'missing', key: operation.key };
      return changed(operation, keys) ?? [entry];
    }
    case 'check-session': {
      const entry = keys.get(operation.key);
      if (entry === undefined) return { why: 'missing', key: operation.key };
      return notHeld(operation, keys) ?? [entry];
    }
    case 'check-absent':
      return keys.get(operation.key) === undefined ? [] : { why: 'present', key: operation.key };
    case 'refuse':
      return { why: 'refused', text: operation.text };
    default:
      return operation satisfies never;
  }
}

type Writing = Extract<KeyOperation, { value: string }>;

/** Writes a key. A lock stays as it is, unless `lock` says otherwise. */
function write(
  { verb, key, value, flags = '0' }: Writing,
  keys: WorkingKeys,
  lockedAs?: Partial<Pick<KeyEntry, 'session' | 'lockIndex'>>,
): KeyEntry {
  const { session, lockIndex = 0 } = { ...keys.get(key), ...lockedAs };
  return keys.put({ key, value, flags, session, lockIndex }, verb === 'set-at');
}

function lock(
  operation: Extract<KeyOperation, { verb: 'lock' | 'unlock' }>,
  keys: WorkingKeys,
  { delays, isLive }: Surroundings,
): Done {
  const { key, session } = operation;
  if (!isLive(session)) return { why: 'no-session', key, session };
  const present = keys.get(key);
  if (present?.session === session) return [write(operation, keys)];
  if (present?.session !== undefined) return { why: 'held', key, session: present.session };
  const leftMs = delays.leftMs(key);
  if (leftMs > 0) return { why: 'delayed', key, leftMs };
  return [write(operation, keys, { session, lockIndex: (present?.lockIndex ?? 0) + 1 })];
}

/** One that is not there is removed already, whatever revision was named. */
function deleteAt(operation: { readonly key: string; readonly revision: number }, keys: WorkingKeys): Done {
  if (keys.get(operation.key) === undefined) return [];
  const failure = changed(operation, keys);
  if (failure === undefined) keys.delete(operation.key);
  return failure ?? [];
}

function changed(
  { key, revision: expected }: { readonly key: string; readonly revision: number },
  keys: WorkingKeys,
): KeyFailure | undefined {
  const revision = keys.get(key)?.revision ?? 0;
  return revision === expected ? undefined : { why: 'changed', key, revision, expected };
}

function notHeld(
  { key, session: expected }: { readonly key: string; readonly session: string },
  keys: WorkingKeys,
): KeyFailure | undefined {
  const session = keys.get(key)?.session;
  return session === expected ? undefined : { why: 'not-held', key, session, expected };
}
