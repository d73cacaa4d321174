import type { Outcome } from './outcome.ts';

/** What the system says when this process or machine has nothing left to open a connection with. */
const exhaustion: ReadonlySet<unknown> = new Set(['EMFILE', 'ENFILE', 'ENOBUFS', 'ENOMEM']);

/** How an attempt has failed that got no connection: by the upstream's doing, or for want of something of our own. */
export function dialFailure(address: string, cause: unknown): Extract<Outcome, { kind: 'refused' | 'exhausted' }> {
  const code = cause instanceof Error && 'code' in cause ? cause.code : undefined;
  // No local port is left. For an IPv6 address it mostly means that this machine has no IPv6, so nobody is reached there.
  const noPort = code === 'EADDRNOTAVAIL' && !address.includes(':');
  return noPort || exhaustion.has(code) ? { kind: 'exhausted', cause } : { kind: 'refused', cause };
}
