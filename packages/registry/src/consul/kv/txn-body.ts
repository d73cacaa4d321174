import { isKey, maxValueBytes } from '@flotilla/contracts';
import type { KeyOperation } from '../../keys/key-operation.ts';
import type { JsonObject } from '../../record/json-object.ts';
import { decodeList, struct } from '../base/go-json.ts';
import { Refusal } from '../base/refusal.ts';
import { objectOf, textIn } from '../shapes/service-extra.ts';
import { invalidKey } from './invalid-key.ts';

/** The most operations of one transaction: Consul's limit. */
const maxOperations = 64;

const bodyShape = struct('TxnOp', {
  KV: struct('KVTxnOp', {
    ...{ Verb: 'string', Key: 'string', Value: 'string', Flags: 'number', Index: 'number', Session: 'string' },
    ...{ Namespace: 'string', Partition: 'string', EnterpriseMeta: 'any' },
  }),
  ...{ Node: 'any', Service: 'any', Check: 'any', Session: 'any', Intention: 'any' },
});

/** What a transaction asks for. */
export interface ReadTransaction {
  readonly operations: readonly KeyOperation[];
  /** Whether it may change something. */
  readonly isWrite: boolean;
}

/** What operations are called that change something. */
const writes: readonly string[] = ['set', 'cas', 'lock', 'unlock', 'delete', 'delete-cas', 'delete-tree'];

/** Reads the body of a transaction. What is empty is passed over, as Consul does. @throws {Refusal} */
export function readTransaction(body: unknown): ReadTransaction {
  const asked = decoded(body);
  if (asked.length > maxOperations)
    throw new Refusal(413, `Transaction contains too many operations (${asked.length} > ${maxOperations})`);
  const operations = asked.flatMap((each) => objectOf(each['KV']) ?? refuseOther(each));
  return {
    operations: operations.map(operationOf),
    isWrite: operations.some((operation) => writes.includes(textIn(operation, 'Verb'))),
  };
}

function refuseOther(operation: JsonObject): readonly never[] {
  const [other] = Object.keys(operation);
  if (other === undefined) return [];
  throw new Refusal(400, `Transactions here are about keys alone, and this one has an operation on a ${other}`);
}

function decoded(body: unknown): readonly JsonObject[] {
  try {
    return decodeList(body, bodyShape);
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    throw new Refusal(error.status, error.message.replace('Request decode failed', 'Failed to parse body'));
  }
}

function operationOf(kv: JsonObject): KeyOperation {
  const key = textIn(kv, 'Key');
  const verb = textIn(kv, 'Verb');
  if (key === '') return { verb: 'refuse', text: 'Must provide key' };
  switch (verb) {
    case 'set':
      return writing(kv, key, { verb });
    case 'cas':
      return writing(kv, key, { verb: 'set-at', revision: wholeIn(kv, 'Index') });
    case 'lock':
    case 'unlock':
      // One without a session fails with the others that do, so that all are told.
      return writing(kv, key, { verb, session: textIn(kv, 'Session') });
    case 'get':
    case 'delete':
      return { verb, key };
    case 'get-or-empty':
      return { verb: 'get-if-there', key };
    case 'get-tree':
      return { verb: 'get-under', prefix: key };
    case 'delete-tree':
      return { verb: 'delete-under', prefix: key };
    case 'delete-cas':
      return { verb: 'delete-at', key, revision: wholeIn(kv, 'Index') };
    case 'check-index':
      return { verb: 'check-at', key, revision: wholeIn(kv, 'Index') };
    case 'check-session':
      return { verb, key, session: textIn(kv, 'Session') };
    case 'check-not-exists':
      return { verb: 'check-absent', key };
    default:
      return { verb: 'refuse', text: `unknown KV verb ${JSON.stringify(verb.slice(0, 64))}` };
  }
}

type Writing =
  | { readonly verb: 'set' }
  | { readonly verb: 'set-at'; readonly revision: number }
  | { readonly verb: 'lock' | 'unlock'; readonly session: string };

function writing(kv: JsonObject, key: string, how: Writing): KeyOperation {
  if (!isKey(key)) return { verb: 'refuse', text: invalidKey(key) };
  const value = textIn(kv, 'Value');
  const bytes = Buffer.from(value, 'base64');
  if (bytes.toString('base64') !== value)
    throw new Refusal(400, `Failed to parse body: illegal base64 data at input byte ${firstWrong(value)}`);
  if (bytes.length > maxValueBytes)
    throw new Refusal(
      413,
      `Value for key ${JSON.stringify(key)} is too large (${bytes.length} > ${maxValueBytes} bytes)`,
    );
  return { ...how, key, value, flags: String(wholeIn(kv, 'Flags')) };
}

/** Where a text stops being base64: at a character that is none of it, or at its end. */
function firstWrong(text: string): number {
  const at = text.search(/[^A-Za-z0-9+/]/);
  return at < 0 ? text.length : at;
}

function wholeIn(kv: JsonObject, name: string): number {
  const value = kv[name] ?? 0;
  if (typeof value === 'number' && Number.isSafeInteger(value) && value >= 0) return value;
  throw new Refusal(400, `Failed to parse body: ${name} must be a whole number from 0 to ${Number.MAX_SAFE_INTEGER}`);
}
