import type { RemovalReason } from '@flotilla/contracts';
import { type CheckValue, checkKey, checkSchema } from './check.ts';
import { type InstanceValue, instanceKey, readInstance } from './instance.ts';
import { type KeyValue, keyValueSchema } from './key.ts';
import { type MaintenanceValue, maintenanceSchema } from './maintenance.ts';
import { type NodeValue, nodeSchema } from './node.ts';
import { type SessionValue, sessionSchema } from './session.ts';

/** What the registry's log holds, by kind. */
export interface RecordValues {
  readonly instance: InstanceValue;
  readonly maintenance: MaintenanceValue;
  readonly check: CheckValue;
  readonly node: NodeValue;
  readonly key: KeyValue;
  readonly session: SessionValue;
}

export type RecordKind = keyof RecordValues;

/** The lease that a record lives by. */
export interface RecordLease {
  /**
   * Which of the registries that share the store counts its time. It alone ends the lease; what others hear of the holder
   * they pass on.
   */
  readonly owner: string;
  /** Wall-clock time of the last sign of life the store was told of, in milliseconds since the Unix epoch. */
  readonly seenMs: number;
}

/** What a record is named and says, without when it was written. */
interface Written<K extends RecordKind> {
  readonly kind: K;
  /** One of its kind. */
  readonly key: string;
  readonly value: RecordValues[K];
  /** Only records that end when their holder falls silent have one. */
  readonly lease?: RecordLease | undefined;
}

interface RecordOf<K extends RecordKind> extends Written<K> {
  /** The revision that made it. */
  readonly createdRevision: number;
  /** The revision that changed it last. */
  readonly revision: number;
}

/** One record of the log, as it is at some revision. */
export type LogRecord = { readonly [K in RecordKind]: RecordOf<K> }[RecordKind];

/** A record is written, in the place of the one of that kind and key if there is one. */
export type Put = { readonly [K in RecordKind]: Written<K> & { readonly type: 'put' } }[RecordKind];

/** A record is removed. */
export interface Delete {
  readonly type: 'delete';
  readonly kind: RecordKind;
  readonly key: string;
  /** Told to those who watch, where it is an instance. */
  readonly reason?: RemovalReason | undefined;
}

/** All records of a kind are removed whose keys are in a range, in the order of `compareKeys`. */
export interface DeleteRange {
  readonly type: 'delete-range';
  readonly kind: RecordKind;
  /** The first key that is removed, if it is there. */
  readonly from: string;
  /** The first one that is not. Left out: all from `from` on are removed. */
  readonly to?: string | undefined;
}

/** One change of the log. */
export type Change = Put | Delete | DeleteRange;

/** What is kept of a record beside its value. */
type Beside = Omit<RecordOf<RecordKind>, 'kind' | 'value'>;

interface Reader<K extends RecordKind> {
  (value: object, beside: Beside): RecordOf<K> | undefined;
}

function reader<K extends RecordKind>(
  kind: K,
  read: (value: object) => RecordValues[K] | undefined,
  keyOf: (value: RecordValues[K]) => string,
): Reader<K> {
  return (given, beside) => {
    const value = read(given);
    return value === undefined || keyOf(value) !== beside.key ? undefined : { kind, value, ...beside };
  };
}

const readers: { readonly [K in RecordKind]: Reader<K> } = {
  instance: reader('instance', readInstance, ({ name, id }) => instanceKey(name, id)),
  maintenance: reader(
    'maintenance',
    (value) => maintenanceSchema.safeParse(value).data,
    ({ name, id }) => instanceKey(name, id),
  ),
  check: reader(
    'check',
    (value) => checkSchema.safeParse(value).data,
    ({ name, id, check }) => checkKey(name, id, check),
  ),
  node: reader(
    'node',
    (value) => nodeSchema.safeParse(value).data,
    ({ node }) => node,
  ),
  key: reader(
    'key',
    (value) => keyValueSchema.safeParse(value).data,
    ({ key }) => key,
  ),
  session: reader(
    'session',
    (value) => sessionSchema.safeParse(value).data,
    ({ id }) => id,
  ),
};

/** Whether this program knows of a kind. A newer one that shares the store may write others. */
export function isRecordKind(kind: string): kind is RecordKind {
  return Object.hasOwn(readers, kind);
}

/** Reads a record from the JSON of its value, as stores keep it; undefined if it is not one of its kind. */
export function readRecord(kind: RecordKind, json: string, beside: Beside): LogRecord | undefined {
  let value: unknown;
  try {
    value = JSON.parse(json);
  } catch {
    return undefined;
  }
  return typeof value === 'object' && value !== null ? readers[kind](value, beside) : undefined;
}
