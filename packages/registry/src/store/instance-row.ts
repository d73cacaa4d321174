import { serviceInstanceSchema } from '@flotilla/contracts';
import { DatabaseSetupError } from '@flotilla/kit/database/sqlite';
import type { StoredInstance } from './instance-store.ts';

/** One row of the table `instances`, as `node:sqlite` gives it. */
export type InstanceRow = Readonly<Record<string, unknown>>;

/**
 * Turns a row back into an instance. Rows are checked like a message from outside: a file may have been edited or
 * damaged in a way SQLite itself can't notice.
 *
 * @throws {DatabaseSetupError} naming the row
 */
export function readInstanceRow(row: InstanceRow, file: string): StoredInstance {
  const lastSeenMs = row['last_seen_ms'];
  const parsed = serviceInstanceSchema.safeParse({
    ...row,
    tags: parseJson(row['tags']),
    metadata: parseJson(row['metadata']),
    last_seen: '',
  });
  const token = row['token'] ?? undefined;
  if (!parsed.success || typeof lastSeenMs !== 'number' || (token !== undefined && typeof token !== 'string')) {
    throw new DatabaseSetupError(
      `The database ${file} holds a damaged record: the instance ${String(row['id'])} of ${String(row['name'])}. Delete that row of the table "instances" (the instance registers itself again), or name another database with DATABASE_URL`,
    );
  }
  const { last_seen: _, revision, ...record } = parsed.data;
  return { record: token === undefined ? record : { ...record, token }, revision, lastSeenMs };
}

function parseJson(text: unknown): unknown {
  try {
    return JSON.parse(String(text));
  } catch {
    return undefined;
  }
}
