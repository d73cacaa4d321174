import { isIP } from 'node:net';
import type { Reading } from '@flotilla/contracts';
import { portSchema, serviceNameSchema } from '@flotilla/contracts';
import type { HostAndPort } from '@flotilla/contracts/registry-urls';

/** Which names are asked for, and where. */
export interface DnsPlace {
  /** None: the name servers of this machine. */
  readonly servers: readonly HostAndPort[];
  /** With `{service}` in it. */
  readonly pattern: string;
  /** The port of every instance, where the names have addresses. Undefined: they have SRV records, which name it. */
  readonly port: number | undefined;
}

/** Reads `dns://127.0.0.1:8600/{service}.service.consul` and `dns:///{service}.internal?port=8080`. */
export function readDnsUrl(text: string): Reading<DnsPlace> {
  const problem = (what: string): Reading<DnsPlace> => ({ ok: false, problem: what });
  const [, authority = '', path = '', query = ''] =
    /^dns:\/\/([^/?#]*)\/?([^?#]*)(?:\?(.*))?$/i.exec(text.trim()) ?? [];
  if (authority.includes('@')) return problem('contains a login, which DNS has no use for: remove it');
  if (!path.includes('{service}'))
    return problem('names no {service}, as in dns://127.0.0.1:8600/{service}.service.consul');
  if (!isName(path.replaceAll('{service}', 'x'))) return problem('asks for what is no name in DNS');
  const servers: HostAndPort[] = [];
  for (const one of authority === '' ? [] : authority.split(',')) {
    const server = readServer(one.trim());
    if (server === undefined)
      return problem('names a server by something else than an IP address, with or without a port');
    servers.push(server);
  }
  const options = new URLSearchParams(query);
  if ([...options.keys()].some((name) => name !== 'port'))
    return problem('has an unknown option after "?" (known: port)');
  const digits = options.get('port');
  const port = digits === null ? undefined : Number(/^\d{1,5}$/.test(digits) ? digits : Number.NaN);
  if (port !== undefined && !portSchema.safeParse(port).success) return problem('has an invalid port after "?port="');
  return { ok: true, value: { servers, pattern: path.replace(/\.$/, ''), port } };
}

/** The name of a service in DNS; undefined if it can have none. */
export function nameOf({ pattern }: DnsPlace, service: string): string | undefined {
  const name = pattern.replaceAll('{service}', service);
  return serviceNameSchema.safeParse(service).success && isName(name) ? name : undefined;
}

function isName(text: string): boolean {
  return text.length <= 253 && /^[A-Za-z0-9_-]{1,63}(?:\.[A-Za-z0-9_-]{1,63})*\.?$/.test(text);
}

function readServer(text: string): HostAndPort | undefined {
  const [, ipv6, other = '', digits] = /^(?:\[([^\]]*)\]|([^:[\]]*))(?::(\d{1,5}))?$/.exec(text) ?? [];
  const host = ipv6 ?? other;
  const port = digits === undefined ? 53 : Number(digits);
  return isIP(host) === (ipv6 === undefined ? 4 : 6) && portSchema.safeParse(port).success ? { host, port } : undefined;
}
