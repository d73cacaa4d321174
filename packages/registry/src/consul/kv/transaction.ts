import { maxValueBytes } from '@flotilla/contracts';
import type { KeyEntry } from '../../keys/key-entry.ts';
import type { KeyFailure, KeyOperation } from '../../keys/key-operation.ts';
import type { Registry } from '../../registry.ts';
import type { Actor } from '../../write/actor.ts';
import type { Answer } from '../base/answer.ts';
import { actorOf } from '../base/call.ts';
import type { ConsulApi } from '../base/consul-api.ts';
import { keyShape } from './key-shape.ts';
import { readTransaction } from './txn-body.ts';

/** The largest body: values of that many bytes, as base64 and with what is around them. */
const maxBodyBytes = 2 * maxValueBytes;

/** What Consul adds to the answer of a transaction that changes nothing. */
const readOnly = { Index: 0, LastContact: 0, KnownLeader: true, ConsistencyLevel: '' } as const;
const readOnlyHeaders = { 'x-consul-knownleader': 'true', 'x-consul-lastcontact': '0' } as const;
/** An operation that failed, as it is told. */
interface Failed {
  readonly OpIndex: number;
  readonly What: string;
}

/** What a transaction came to, as it is told. */
interface Told {
  readonly Results: readonly object[] | null;
  readonly Errors: readonly Failed[] | null;
}

/** `PUT /v1/txn`: several operations on keys, all or none. */
export function transaction(api: ConsulApi, { keys }: Pick<Registry, 'keys'>): void {
  api.put(
    '/txn',
    async (call): Promise<Answer> => {
      const { operations, isWrite } = readTransaction(call.request.body);
      const told = await carriedOut(keys, operations, actorOf(call));
      const status = told.Errors === null ? 200 : 409;
      return isWrite ? { status, json: told } : { status, json: { ...told, ...readOnly }, headers: readOnlyHeaders };
    },
    { bodyLimitBytes: maxBodyBytes },
  );
}

async function carriedOut(keys: Registry['keys'], operations: readonly KeyOperation[], actor: Actor): Promise<Told> {
  const outcome = await keys.transact(operations, actor);
  if (outcome.kind === 'failed') {
    const errors = outcome.failures.map((failure) => ({ OpIndex: failure.at, What: whatOf(failure, operations) }));
    return { Results: null, Errors: errors };
  }
  return { Results: outcome.results.flatMap((entries, at) => shown(operations[at], entries)), Errors: null };
}

/** What a step has read comes with its value, what it has written without. */
function shown(operation: KeyOperation | undefined, entries: readonly KeyEntry[]): readonly object[] {
  const isRead = operation?.verb.startsWith('get') === true;
  return entries.map((entry) => ({ KV: isRead ? keyShape(entry) : { ...keyShape(entry), Value: null } }));
}

/** Why a step failed, in the words of Consul. */
function whatOf(failure: KeyFailure & { readonly at: number }, operations: readonly KeyOperation[]): string {
  const verb = operations[failure.at]?.verb;
  if (failure.why === 'refused') return failure.text;
  const key = JSON.stringify(failure.key);
  switch (failure.why) {
    case 'changed':
      if (verb === 'set-at') return `failed to set key ${key}, index is stale`;
      if (verb === 'delete-at') return `failed to delete key ${key}, index is stale`;
      return `failed index check for key ${key}, current modify index ${failure.revision} != ${failure.expected}`;
    case 'held':
      return `failed to lock key ${key}, lock is already held`;
    case 'delayed':
      return `failed to lock key ${key} due to lock delay`;
    case 'not-held':
      if (verb === 'unlock' && failure.expected === '') return 'missing session';
      if (verb === 'unlock') return `failed to unlock key ${key}, lock isn't held, or is held by another session`;
      return `failed session check for key ${key}, current session ${JSON.stringify(failure.session ?? '')} != ${JSON.stringify(failure.expected)}`;
    case 'no-session':
      return failure.session === '' ? 'missing session' : `invalid session ${JSON.stringify(failure.session)}`;
    case 'missing':
      if (verb === 'check-session') return `failed to check session, key ${key} doesn't exist`;
      return verb === 'check-at' ? `failed to check index, key ${key} doesn't exist` : `key ${key} doesn't exist`;
    case 'present':
      return `key ${key} exists`;
    default:
      return failure satisfies never;
  }
}
