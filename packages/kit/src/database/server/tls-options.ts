import { readFileSync } from 'node:fs';
import { checkServerIdentity, type PeerCertificate } from 'node:tls';
import type { DatabaseServerLocation } from '../../config/index.ts';
import { DatabaseFault } from './database-fault.ts';

/** What TLS needs to know, in the words of `node:tls`. */
export interface TlsOptions {
  readonly rejectUnauthorized: boolean;
  readonly ca?: Buffer;
  readonly checkServerIdentity?: (host: string, certificate: PeerCertificate) => Error | undefined;
}

/** The options of TLS for a connection; undefined: it is not encrypted. @throws {DatabaseFault} `tls-file` */
export function tlsOptions(location: DatabaseServerLocation): TlsOptions | undefined {
  const { tls, host, rootCertFile } = location;
  switch (tls) {
    case 'disable':
      return undefined;
    case 'require':
      return { rejectUnauthorized: false };
    case 'verify-ca':
      return { ...authorities(rootCertFile), checkServerIdentity: () => undefined };
    case 'verify-full':
      // The driver may ask with another name than that of the URL.
      return {
        ...authorities(rootCertFile),
        checkServerIdentity: (_host, certificate) => checkServerIdentity(host, certificate),
      };
    default:
      return tls satisfies never;
  }
}

/** Read for each connection: certificates are renewed while programs run. */
function authorities(file: string | undefined): TlsOptions {
  if (file === undefined) return { rejectUnauthorized: true };
  try {
    return { rejectUnauthorized: true, ca: readFileSync(file) };
  } catch (error) {
    const why = error instanceof Error && 'code' in error ? String(error.code) : 'unreadable';
    const message = `cannot read the file ${file} of sslrootcert (${why})`;
    throw new DatabaseFault(message, { verdict: { kind: 'unavailable', failure: 'tls-file' }, lost: true });
  }
}
