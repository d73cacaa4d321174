import { isAppError } from '@flotilla/contracts';
import type { OpenDatabase } from './database-kind.ts';
import { DatabaseSetupError } from './database-setup-error.ts';
import { MigrationHeldUp } from './migrating/migration-held-up.ts';
import type { SetupFailure } from './setup-failure.ts';

/** Where a database server is, as far as messages name it: never the password. */
export interface ServerPlace {
  readonly kind: 'postgres' | 'mysql';
  readonly host: string;
  readonly port: number;
  readonly database: string;
  readonly user: string;
  readonly tls: string;
}

/** Where a database is. */
export type DatabasePlace = ServerPlace | { readonly kind: 'sqlite'; readonly file: string };

/**
 * The error for a start that the database has refused: a `DatabaseSetupError` that says what to do, if a person must do
 * something; `error` itself if it may pass, so that a retry makes sense.
 */
export function startError(
  error: unknown,
  kind: Pick<OpenDatabase, 'isBusy' | 'failureOf' | 'describe'>,
  place: DatabasePlace,
): unknown {
  if (error instanceof DatabaseSetupError || isPassing(error, kind)) return error;
  const detail = describeCause(error, kind);
  const message =
    place.kind === 'sqlite' ? fileAdvice(error, detail) : serverAdvice(kind.failureOf(error), place, detail);
  return message === undefined ? error : new DatabaseSetupError(message, { cause: error });
}

/** What an error says, as a phrase for the log and for messages. STORAGE_UNAVAILABLE itself says too little. */
export function describeCause(error: unknown, kind: Pick<OpenDatabase, 'describe'>): string {
  const cause = isAppError(error) && error.cause !== undefined ? error.cause : error;
  return cause instanceof MigrationHeldUp ? cause.message : kind.describe(cause);
}

function isPassing(error: unknown, kind: Pick<OpenDatabase, 'isBusy'>): boolean {
  return kind.isBusy(error) || (isAppError(error) && error.cause instanceof MigrationHeldUp);
}

function fileAdvice(error: unknown, detail: string): string | undefined {
  if (!isAppError(error) || error.code !== 'STORAGE_UNAVAILABLE') return undefined;
  return `Cannot migrate the database (${detail}): check that it is writable, or name another with DATABASE_URL`;
}

const names = { postgres: 'PostgreSQL', mysql: 'MySQL or MariaDB' } as const;

function serverAdvice(failure: SetupFailure | undefined, place: ServerPlace, detail: string): string | undefined {
  const { user, database, tls } = place;
  const server = `The server ${shownHost(place)}`;
  switch (failure) {
    case undefined:
    case 'unreachable':
    case 'unready':
      return undefined;
    case 'password':
      return `${server} does not know the user "${user}", or not with this password. Correct the user or the password in DATABASE_URL; in it, @ is %40, / is %2F, # is %23 and % is %25${perhapsTls(place)}`;
    case 'refused':
      return `${server} does not let the user "${user}" use the database "${database}" from here (${detail}). Allow it there, or correct DATABASE_URL`;
    case 'missing-database':
      return `${server} has no database "${database}". Create it, or correct its name in DATABASE_URL`;
    case 'tls-missing':
      return `${server} offers no TLS, but DATABASE_URL asks for it (sslmode=${tls}). Turn it on there, or write sslmode=disable if nobody can listen on the way`;
    case 'tls-required':
      return `${server} wants TLS (${detail}). Add ?sslmode=verify-full to DATABASE_URL, or ?sslmode=require if its certificate cannot be checked`;
    case 'tls-untrusted':
      return `The certificate of the server ${shownHost(place)} is of an authority that is not trusted here (${detail}). Name the authority's file with sslrootcert in DATABASE_URL, or correct the certificate`;
    case 'tls-name':
      return `The certificate of the server ${shownHost(place)} is for another name (${detail}). Write the certificate's name in DATABASE_URL, or sslmode=verify-ca if any name will do`;
    case 'tls-file':
      return `TLS for ${shownHost(place)}: ${detail}. Correct sslrootcert in DATABASE_URL, or make the file readable`;
    case 'read-only':
      return `The database "${database}" of ${shownHost(place)} lacks migrations, and can only be read (${detail}). Name the server that can be written to in DATABASE_URL, or a user who may write`;
    case 'forbidden':
      return `The user "${user}" may not do to the database "${database}" what a migration needs (${detail}). Grant it, or run the command "migrate up" with the DATABASE_URL of a user who may`;
    case 'unsupported':
      return `The database "${database}" of ${shownHost(place)} cannot be used (${detail}). Name another in DATABASE_URL`;
    case 'other-server':
      return `What answers at ${shownHost(place)} is not ${names[place.kind]} (${detail}). Correct the address or the scheme of DATABASE_URL`;
    default:
      return failure satisfies never;
  }
}

/** MariaDB says nothing else to those who come without the TLS that it wants. */
function perhapsTls({ kind, tls }: ServerPlace): string {
  return kind === 'mysql' && tls === 'disable' ? '. If the server wants TLS, add ?sslmode=verify-full' : '';
}

function shownHost({ host, port }: ServerPlace): string {
  if (host.startsWith('/')) return host;
  return host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`;
}
