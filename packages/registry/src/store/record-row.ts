import { DatabaseSetupError } from '@flotilla/kit/database/sqlite';
import { isRecordKind, type LogRecord, type RecordLease, readRecord } from '../record/log-record.ts';

/**
 * Turns a row of the table `records`, as `node:sqlite` gives it, back into a record; undefined if it is of a kind that
 * this program does not know. Rows are checked like a message from outside: a file may have been edited or damaged in a
 * way SQLite itself can't notice.
 *
 * @throws {DatabaseSetupError} naming the row
 */
export function readRow(row: Readonly<Record<string, unknown>>, file: string): LogRecord | undefined {
  const [kind, key] = [String(row['kind']), String(row['key'])];
  if (!isRecordKind(kind)) return undefined;
  const { created_revision: createdRevision, revision } = row;
  const lease = leaseOf(row);
  if (typeof createdRevision === 'number' && typeof revision === 'number') {
    const record = readRecord(kind, String(row['value']), { key, createdRevision, revision, ...lease });
    if (record !== undefined) return record;
  }
  throw new DatabaseSetupError(
    `The database ${file} contains a damaged record: the ${kind} ${key}. Delete that row of the table "records" (an instance registers itself again), or name another database with DATABASE_URL`,
  );
}

function leaseOf({ owner, seen_ms: seenMs }: Readonly<Record<string, unknown>>): { readonly lease?: RecordLease } {
  return typeof owner === 'string' && typeof seenMs === 'number' ? { lease: { owner, seenMs } } : {};
}
