import { DatabaseFault, type Verdict } from '../server/database-fault.ts';
import { systemFailure } from '../server/system-failure.ts';
import type { SetupFailure } from '../setup-failure.ts';

const away = (failure: SetupFailure): Verdict => ({ kind: 'unavailable', failure });
const cannotWrite: Verdict = { kind: 'unavailable', storage: true };
const readOnly: Verdict = { kind: 'unavailable', failure: 'read-only', storage: true };
const forbidden: Verdict = { kind: 'unavailable', failure: 'forbidden', storage: true };
const busy: Verdict = { kind: 'busy' };
const busyForAMoment: Verdict = { kind: 'busy', atOnce: true };
const tooLong: Verdict = { kind: 'unavailable' };
const value: Verdict = { kind: 'value' };

/** What the numbers of MySQL's and MariaDB's errors mean: their manuals' lists of server errors. */
const verdicts: ReadonlyMap<number, Verdict> = new Map([
  // A taken value, without and with the name of the key.
  [1062, { kind: 'unique' }],
  [1586, { kind: 'unique' }],
  // Out of range, too long, or a character that the column's set does not have.
  [1264, value],
  [1366, value],
  [1406, value],
  [3988, value],
  [1153, value],
  // A row changed or a statement went stale under it, a deadlock.
  [1020, busyForAMoment],
  [1213, busyForAMoment],
  [1412, busyForAMoment],
  [1615, busyForAMoment],
  // Waited too long for a lock.
  [1205, busy],
  // The statement was stopped at its time limit: by MySQL, by MariaDB; or by an administrator.
  [3024, tooLong],
  [1969, tooLong],
  [1317, tooLong],
  // Too many connections or statements; going down; killed; silent for too long.
  [1040, away('unready')],
  [1203, away('unready')],
  [1226, away('unready')],
  [1461, away('unready')],
  [1053, away('unready')],
  [1927, away('unready')],
  [4031, away('unready')],
  // Who may connect.
  [1044, away('refused')],
  [1045, away('password')],
  [1698, away('password')],
  [1129, away('refused')],
  [1130, away('refused')],
  [1049, away('missing-database')],
  [1251, away('unsupported')],
  [3159, away('tls-required')],
  // What the user may do.
  [1142, forbidden],
  [1143, forbidden],
  [1227, forbidden],
  [1370, forbidden],
  // A replica, or set read-only.
  [1290, readOnly],
  [1792, readOnly],
  [1836, readOnly],
  // Full, damaged, or unreadable.
  [1016, cannotWrite],
  [1021, cannotWrite],
  [1030, cannotWrite],
  [1034, cannotWrite],
  [1114, cannotWrite],
  [1194, cannotWrite],
  [1195, cannotWrite],
]);

/** Numbers with which the connection is over, or leads to a server that has become a replica. */
const lostNumbers: ReadonlySet<number> = new Set([1053, 1153, 1290, 1792, 1836, 1927, 4031]);

/** What an error of the driver means. Of what it says, only the message and the code: the rest shows statements. */
export function mysqlFault(error: unknown): DatabaseFault {
  const message = error instanceof Error ? error.message : String(error);
  const { code, number, fatal } = partsOf(error);
  const known = number === undefined ? undefined : verdicts.get(number);
  if (known !== undefined && number !== undefined) {
    const lost = fatal || lostNumbers.has(number);
    // Whose value it is, the message of a taken one says.
    const said = known.kind === 'unique' ? 'a value of a unique column is taken' : message;
    return new DatabaseFault(said, { code: code ?? String(number), verdict: known, lost });
  }
  const failure = systemFailure(code) ?? failureOfDriver(code, message);
  if (failure !== undefined)
    return new DatabaseFault(message === '' ? (code ?? 'connection failed') : message, {
      code,
      verdict: away(failure),
      lost: true,
    });
  return new DatabaseFault(message, { code, verdict: fatal ? away('unreachable') : { kind: 'wrong' }, lost: fatal });
}

function partsOf(error: unknown): {
  readonly code: string | undefined;
  readonly number: number | undefined;
  readonly fatal: boolean;
} {
  const { code, errno, fatal } = Object(error) as {
    readonly code?: unknown;
    readonly errno?: unknown;
    readonly fatal?: unknown;
  };
  return {
    code: typeof code === 'string' ? code : undefined,
    // Errors of the system have negative ones.
    number: typeof errno === 'number' && errno > 0 ? errno : undefined,
    fatal: fatal === true,
  };
}

/** Errors that the driver makes itself. */
function failureOfDriver(code: string | undefined, message: string): SetupFailure | undefined {
  if (code === 'HANDSHAKE_NO_SSL_SUPPORT') return 'tls-missing';
  if (code === 'HANDSHAKE_SSL_ERROR')
    return /self.signed|unable to (?:get|verify)|expired/i.test(message) ? 'tls-untrusted' : 'other-server';
  if (code === 'PROTOCOL_CONNECTION_LOST' || message.includes('closed state')) return 'unreachable';
  if (code === 'PROTOCOL_UNEXPECTED_PACKET' || code === 'PROTOCOL_ERROR') return 'other-server';
  return undefined;
}
