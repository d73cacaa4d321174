import { addressKind, normalAddress } from '@flotilla/contracts';

/** What makes a host's name one of this program's. */
export interface OwnHostOptions {
  /** Where the program listens. */
  readonly serverHost: string;
  /** Further names: `api.example.com`, `.example.com` for all below, `*` for any. */
  readonly allowedHosts: readonly string[];
}

/** Names that container engines give the machine they run on, whose own programs are meant. */
const containerHostNames = new Set(['host.docker.internal', 'gateway.docker.internal', 'host.containers.internal']);

/**
 * Top-level domains that the public DNS does not have (RFC 6762 appendix G, RFC 8375, RFC 6761, and ICANN's `internal`),
 * and those of Kubernetes and Consul: nobody outside can make such a name.
 */
const privateDomains = /\.(?:internal|local|localdomain|lan|home|corp|intranet|private|home\.arpa|test|svc|consul)$/;

/**
 * Tells whether a `Host` field (or `:authority`) names this program. A page can make a browser send its requests here by
 * letting its own name stand for this machine's address (DNS rebinding); but then the field has that name. So what is
 * no name at all is good: no field, an IP address. Of names, `localhost` is, and what was allowed. A program that others
 * may reach has more names than it knows: there, those without a dot and those of private domains are good as well.
 */
export function createOwnHosts({ serverHost, allowedHosts }: OwnHostOptions): (host: string) => boolean {
  const exact = new Set(containerHostNames);
  const domains: string[] = [];
  let any = false;
  for (const entry of allowedHosts) {
    const name = entry.toLowerCase().replace(/^\*\./, '.');
    if (name === '*') any = true;
    else if (name.startsWith('.')) domains.push(name);
    else exact.add(normalAddress(name));
  }
  const listening = addressKind(serverHost);
  if (listening === 'name') exact.add(normalAddress(serverHost));
  const reachable = listening !== 'loopback';
  return (host) => {
    if (any || host === '') return true;
    const name = hostNameOf(host);
    if (name === undefined) return false;
    if (isAddress(name) || isLoopbackName(name) || exact.has(name)) return true;
    if (domains.some((domain) => name.endsWith(domain))) return true;
    return reachable && (!name.includes('.') || privateDomains.test(name));
  };
}

/** Whether a `Host` field means this machine itself. */
export function isLoopbackHost(host: string): boolean {
  const name = hostNameOf(host);
  return name !== undefined && isLoopbackName(name);
}

/** A `Host` field without its port, brackets and final dot, in lower case; undefined when it can't be one. */
function hostNameOf(host: string): string | undefined {
  const [, literal, name] = /^(?:\[([0-9a-f:.]+)\]|([^:[\]@/\s]+))(?::\d{0,5})?$/i.exec(host) ?? [];
  if (literal !== undefined) return URL.canParse(`http://[${literal}]/`) ? normalAddress(literal) : undefined;
  return name === undefined ? undefined : normalAddress(name);
}

function isAddress(name: string): boolean {
  return name.includes(':') || /^\d{1,3}(?:\.\d{1,3}){3}$/.test(name);
}

function isLoopbackName(name: string): boolean {
  return addressKind(name) === 'loopback';
}
