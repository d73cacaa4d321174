import { DatabaseFault, type Verdict } from '../server/database-fault.ts';
import { systemFailure } from '../server/system-failure.ts';
import type { SetupFailure } from '../setup-failure.ts';

const away = (failure: SetupFailure): Verdict => ({ kind: 'unavailable', failure });
const cannotWrite = (failure?: SetupFailure): Verdict => ({
  kind: 'unavailable',
  storage: true,
  ...(failure === undefined ? {} : { failure }),
});
const busy: Verdict = { kind: 'busy' };
const busyForAMoment: Verdict = { kind: 'busy', atOnce: true };
const value: Verdict = { kind: 'value' };

/** What PostgreSQL's codes mean: "Appendix A. PostgreSQL Error Codes" of its manual. */
const verdicts: ReadonlyMap<string, Verdict> = new Map([
  ['23505', { kind: 'unique' }],
  // Too long, out of range, or a character that it cannot store, such as that of value 0.
  ['22001', value],
  ['22003', value],
  ['22021', value],
  ['22P05', value],
  ['40001', busyForAMoment],
  ['40P01', busyForAMoment],
  ['55P03', busy],
  // A statement that is not prepared, or is already: a pooler has changed the connection behind ours.
  ['26000', busyForAMoment],
  ['42P05', busyForAMoment],
  ['25006', cannotWrite('read-only')],
  ['28000', away('refused')],
  ['28P01', away('password')],
  ['3D000', away('missing-database')],
  ['42501', cannotWrite('forbidden')],
  ['53100', cannotWrite()],
  ['53200', { kind: 'unavailable' }],
  ['53300', away('unready')],
  ['53400', { kind: 'unavailable' }],
  // The statement was stopped at its time limit, or by an administrator.
  ['57014', { kind: 'unavailable' }],
  ['57P01', away('unready')],
  ['57P02', away('unready')],
  ['57P03', away('unready')],
  ['57P05', away('unready')],
  ['25P03', away('unready')],
  ['58030', cannotWrite()],
  ['58P01', cannotWrite()],
  ['XX001', cannotWrite()],
  ['XX002', cannotWrite()],
]);

/** Codes with which the connection is over, or leads to a server that has become a replica. */
const lostCodes: ReadonlySet<string> = new Set(['25006', '57P01', '57P02', '57P03', '57P05', '25P03']);

/** Among others, the code of a statement that was prepared before its table changed. */
export const stalePlan = '0A000';

/** The codes of a prepared statement that the server does not have, or has already. */
export const otherStatements: ReadonlySet<string | undefined> = new Set(['26000', '42P05']);

/** What an error of the driver means. Of what the server says, only the message and the code: the rest shows values of rows. */
export function postgresFault(error: unknown): DatabaseFault {
  const message = error instanceof Error ? error.message : String(error);
  const code = error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined;
  const state = code !== undefined && /^[0-9A-Z]{5}$/.test(code) ? code : undefined;
  if (state === undefined) {
    const failure = systemFailure(code) ?? failureByMessage(message);
    const verdict: Verdict = failure === undefined ? { kind: 'wrong' } : away(failure);
    return new DatabaseFault(message === '' ? (code ?? 'connection failed') : message, {
      code,
      verdict,
      lost: failure !== undefined,
    });
  }
  const lost = lostCodes.has(state) || state.startsWith('08');
  return new DatabaseFault(message, { code: state, verdict: verdictOf(state, message), lost });
}

function verdictOf(state: string, message: string): Verdict {
  // "no pg_hba.conf entry for host …, no encryption"
  if (state === '28000' && message.includes('no encryption')) return away('tls-required');
  if (state === stalePlan && message.startsWith('cached plan')) return busyForAMoment;
  return verdicts.get(state) ?? (state.startsWith('08') ? away('unreachable') : { kind: 'wrong' });
}

/** Errors that the driver makes itself have no codes. */
function failureByMessage(message: string): SetupFailure | undefined {
  if (message.includes('does not support SSL')) return 'tls-missing';
  if (message.includes('establishing an SSL connection')) return 'other-server';
  if (message.startsWith('SASL')) return message.includes('password') ? 'password' : 'other-server';
  if (message.startsWith('Connection terminated') || message.includes('not queryable')) return 'unreachable';
  if (message.startsWith('received invalid response') || message.startsWith('Received unexpected'))
    return 'other-server';
  return undefined;
}
