import { AppError, isAppError } from '@flotilla/contracts';
import type { SetupFailure } from '../setup-failure.ts';

/** SQLite's primary result codes for a valid statement that the database could not execute. */
const unavailable: ReadonlyMap<number, string> = new Map([
  [5, 'busy: another process holds the write lock'],
  [6, 'locked'],
  [8, 'read-only'],
  [10, 'input/output error'],
  [11, 'corrupt'],
  [13, 'disk full'],
  [14, 'cannot be opened'],
  [26, 'not a database'],
]);

/** Extended result codes of a violated UNIQUE or PRIMARY KEY constraint. */
const uniqueViolation = 2067;
const primaryKeyViolation = 1555;

/** The extended result code of a transaction whose reads are outdated by another process's write: it must start over. */
const busySnapshot = 517;

/**
 * Whether another process holds the lock that a statement needs, so that it will work a little later. Also if that is only
 * the cause of `error`.
 */
export function isBusy(error: unknown): boolean {
  const code = resultCode(error);
  if (code !== undefined) return (code & 0xff) === 5 && code !== busySnapshot;
  return error instanceof Error && error.cause !== undefined && isBusy(error.cause);
}

/** Whether a row violates a constraint, of whatever kind. */
export function isConstraint(error: unknown): boolean {
  return ((resultCode(error) ?? 0) & 0xff) === 19;
}

/** How long to ask a caller to wait: write locks are held for milliseconds, so one second is a good guess. */
const retryAfterMs = 1_000;

/** Whether a row was refused because another one has the same value in a unique column. */
export function isUniqueViolation(error: unknown): boolean {
  const code = resultCode(error);
  return code === uniqueViolation || code === primaryKeyViolation;
}

/**
 * The error to throw instead of one from `node:sqlite`: STORAGE_UNAVAILABLE, with the error as its cause, if the database
 * could not do its work; the error itself if the statement is wrong. The only place that knows the numbers.
 */
export function mapSqliteError(error: unknown): unknown {
  const code = resultCode(error);
  if (code === undefined || !unavailable.has(code & 0xff)) return error;
  return unavailableFor(error);
}

/** The error of one whose work did not take effect because of that, through no fault of its own. */
export function unavailableFor(cause: unknown): AppError {
  return isAppError(cause, 'STORAGE_UNAVAILABLE')
    ? cause
    : new AppError('STORAGE_UNAVAILABLE', { cause, retryAfterMs });
}

/** Describes an error of `node:sqlite`, for messages at start. */
export function describeSqliteError(error: unknown): string {
  const code = resultCode(error);
  const known = code === undefined ? undefined : unavailable.get(code & 0xff);
  return known ?? (error instanceof Error ? error.message : String(error));
}

/** Why the file cannot be used, if that is what `error` says; also if that is only the cause of `error`. */
export function sqliteFailure(error: unknown): SetupFailure | undefined {
  const code = resultCode(error);
  if (code !== undefined) return (code & 0xff) === 8 ? 'read-only' : undefined;
  return error instanceof Error && error.cause !== undefined ? sqliteFailure(error.cause) : undefined;
}

/** The result code, or the kind of error if it is none of SQLite's: a label of metrics. */
export function errorType(error: unknown): string {
  return String(resultCode(error) ?? (error instanceof Error ? error.name : 'Error'));
}

function resultCode(error: unknown): number | undefined {
  if (!(error instanceof Error) || !('errcode' in error)) return undefined;
  return typeof error.errcode === 'number' ? error.errcode : undefined;
}
