import { isIP } from 'node:net';
import type { Reading } from '@flotilla/contracts';

/** How a connection to a database server is encrypted: PostgreSQL's words, which this kit uses for MySQL and MariaDB too. */
export const tlsModes = ['disable', 'require', 'verify-ca', 'verify-full'] as const;

/**
 * - `disable`: not encrypted.
 * - `require`: encrypted. Whoever can pretend to be the server is not noticed.
 * - `verify-ca`: the server's certificate is signed by `sslrootcert`, or by an authority that the system trusts.
 * - `verify-full`: and is for the host of the URL.
 */
export type TlsMode = (typeof tlsModes)[number];

/** A database on a server. */
export interface DatabaseServerLocation {
  /** `mysql`: MariaDB as well. */
  readonly kind: 'postgres' | 'mysql';
  /** A name or an address; a path is a Unix socket: of PostgreSQL its folder, of MySQL its file. */
  readonly host: string;
  readonly port: number;
  readonly database: string;
  readonly user: string;
  /** Empty if the URL has none. */
  readonly password: string;
  readonly tls: TlsMode;
  /** The file with the authorities that may have signed the server's certificate; undefined: those of the system. */
  readonly rootCertFile: string | undefined;
}

const defaultPorts = { postgres: 5432, mysql: 3306 } as const;

/** The kinds of database servers by the schemes of their URLs. */
export const serverSchemes: ReadonlyMap<string, DatabaseServerLocation['kind']> = new Map([
  ['postgres', 'postgres'],
  ['postgresql', 'postgres'],
  ['mysql', 'mysql'],
  ['mariadb', 'mysql'],
]);

/** Reads `postgres://user:password@host:port/database?sslmode=verify-full`; `kind` is that of its scheme. Problems show no part of it that may be secret. */
export function readServerUrl(raw: string, kind: DatabaseServerLocation['kind']): Reading<DatabaseServerLocation> {
  const scheme = raw.slice(0, raw.indexOf(':'));
  const form = `${scheme}://user:password@host:${defaultPorts[kind]}/database`;
  const bad = (problem: string): Reading<DatabaseServerLocation> => ({ ok: false, problem });
  if (!URL.canParse(raw) || !raw.includes('://')) {
    return bad(
      `cannot be read; write ${form}. In the password, write @ as %40, / as %2F, ? as %3F, # as %23 and % as %25`,
    );
  }
  const url = new URL(raw);
  if (url.hash !== '') return bad('has a #; if that is part of the password, write it as %23');
  const [user, password, host, database] = [url.username, url.password, url.hostname, url.pathname.slice(1)].map(
    decoded,
  );
  if (user === undefined || password === undefined || host === undefined || database === undefined)
    return bad('has a % that begins no character; write % as %25');
  if (host === '') return bad(`names no host; write ${form}`);
  if (host.includes(',')) return bad('names several hosts; name one, or an address that leads to whichever serves');
  if (user === '') return bad(`names no user; write ${form}`);
  if (database === '') return bad(`names no database; write ${form}`);
  if (database.includes('/')) return bad(`names a database with a slash; write ${form}`);
  if ([user, password, host, database].some((part) => part.includes('\0'))) return bad('has a character of value 0');
  const parameters = readParameters(url.searchParams);
  if (!parameters.ok) return parameters;
  if (kind === 'mysql' && parameters.value.tls === 'verify-full' && isIP(host.replace(/^\[(.*)\]$/, '$1')) !== 0)
    return bad('has sslmode=verify-full with an address; name the host as its certificate does, or use verify-ca');
  const port = url.port === '' ? defaultPorts[kind] : Number(url.port);
  if (port === 0) return bad('has the port 0; name the port that the server listens on');
  const where = { kind, host: host.replace(/^\[(.*)\]$/, '$1'), port, database, user, password };
  return { ok: true, value: { ...where, ...parameters.value } };
}

function readParameters(given: URLSearchParams): Reading<Pick<DatabaseServerLocation, 'tls' | 'rootCertFile'>> {
  for (const name of given.keys()) {
    if (name === 'sslmode' || name === 'sslrootcert') continue;
    // What follows a password's ? looks like a name, so it is not shown unless it can be nothing else.
    const shown = /^[a-z_-]{1,40}$/i.test(name) && given.get(name) !== '' ? `the parameter ${name}` : 'a parameter';
    return { ok: false, problem: `has ${shown}; only sslmode and sslrootcert are known` };
  }
  const mode = given.get('sslmode') ?? 'disable';
  const tls = tlsModes.find((one) => one === mode);
  if (tls === undefined) {
    const why =
      mode === 'prefer' || mode === 'allow' ? `${mode} may send the password unencrypted` : 'it is none of these';
    return { ok: false, problem: `has an sslmode that is not ${tlsModes.join(', ')}: ${why}` };
  }
  const rootCertFile = given.get('sslrootcert') ?? undefined;
  if (rootCertFile !== undefined && !tls.startsWith('verify-'))
    return {
      ok: false,
      problem: 'has sslrootcert, which is of use only with sslmode=verify-ca or sslmode=verify-full',
    };
  return { ok: true, value: { tls, rootCertFile } };
}

function decoded(part: string): string | undefined {
  try {
    return decodeURIComponent(part);
  } catch {
    return undefined;
  }
}
