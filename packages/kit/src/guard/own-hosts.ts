import { addressKind, normalAddress } from '@flotilla/contracts';

/** Which host names are this program's. */
export interface OwnHostOptions {
  /** Where the program listens. */
  readonly serverHost: string;
  /** More names: `api.example.com`, `.example.com` for all below it, `*` for any. */
  readonly allowedHosts: readonly string[];
}

/** Names of container engines for the machine that they run on; they mean its own programs. */
const containerHostNames = new Set(['host.docker.internal', 'gateway.docker.internal', 'host.containers.internal']);

/**
 * Top-level domains that do not exist in the public DNS (RFC 6762 appendix G, RFC 8375, RFC 6761, and ICANN's `internal`),
 * and those of Kubernetes and Consul: nobody outside can register such a name.
 */
const privateDomains = /\.(?:internal|local|localdomain|lan|home|corp|intranet|private|home\.arpa|test|svc|consul)$/;

/**
 * Tells whether a `Host` field (or `:authority`) names this program. A page can make a browser send requests here by resolving
 * its own name to this machine's address (DNS rebinding); but then the field has that name. So anything that is not a name is
 * accepted: no field, an IP address. Of names, `localhost` and the allowed ones are. A program that others can reach has more
 * names than it knows: there, names without a dot and names of private domains are accepted as well.
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

/** Whether a `Host` field means this machine. */
export function isLoopbackHost(host: string): boolean {
  const name = hostNameOf(host);
  return name !== undefined && isLoopbackName(name);
}

/** A `Host` field without its port, brackets and final dot, in lower case; undefined if it is not valid. */
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
