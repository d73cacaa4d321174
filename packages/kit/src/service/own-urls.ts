import { addressKind, authorityOf } from '@flotilla/contracts';

/**
 * The URL at which this machine can ask whether the program is live. Not the advertised address: that is for others, and
 * may lead through a load balancer, or nowhere from here.
 */
export function livenessUrl({ address, port }: { readonly address: string; readonly port: number }): string {
  return `http://${reachableHere(address)}:${port}/livez`;
}

function reachableHere(address: string): string {
  if (address === '0.0.0.0') return '127.0.0.1';
  if (address === '::') return '[::1]';
  // In a URL, the percent sign before a zone is encoded (RFC 6874).
  return address.includes(':') ? `[${address.replace('%', '%25')}]` : address;
}

/** The URL at which the user finds what listens on `host`. */
export function shownUrl(host: string, port: number): string {
  const address = addressKind(host) === 'unspecified' ? '127.0.0.1' : host;
  return `http://${authorityOf({ address, port })}`;
}
