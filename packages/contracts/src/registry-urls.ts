import type { Reading } from './reading.ts';

/** A host, an IPv6 address without brackets, and a port. */
export interface HostAndPort {
  readonly host: string;
  readonly port: number;
}

/**
 * What `REGISTRY_URL` may be. Whoever knows the kinds of registry provides it; without it, only {@link
 * httpRegistryUrls} are accepted.
 */
export interface RegistryUrls {
  /** A description of a valid URL, as the end of "expected …". */
  readonly expects: string;
  /** The same for a URL that begins like this one; undefined: it begins like no valid one. */
  expectsFor?(text: string): string | undefined;
  /** What is wrong with the URL, as the end of "the value …", without repeating it. Undefined: nothing. */
  problemOf(text: string): string | undefined;
  /** The hosts to ask, in order; none for kinds that use no network. Only for a text without a problem. */
  hostsOf(text: string): readonly HostAndPort[];
}

/** Of our registry: one http or https URL, or several separated by commas. `flotilla+` before it is allowed, as other kinds have their names there. */
export const httpRegistryUrls: RegistryUrls = {
  expects: 'a URL that begins with http:// or https://, or several separated by commas',
  problemOf(text) {
    const read = readHttpUrls(text);
    return read.ok ? undefined : read.problem;
  },
  hostsOf(text) {
    const read = readHttpUrls(text);
    return read.ok ? read.value.map(hostAndPort) : [];
  },
};

/** Reads http and https URLs that are separated by commas, each with or without `flotilla+` before it. */
export function readHttpUrls(text: string): Reading<readonly URL[]> {
  const urls: URL[] = [];
  for (const one of text.split(',').map((part) => part.trim().replace(/^flotilla\+/i, ''))) {
    if (!/^https?:\/\//i.test(one)) return { ok: false, problem: 'does not begin with http:// or https://' };
    const url = URL.parse(one);
    if (url === null || url.hostname === '') return { ok: false, problem: 'is not a URL with a valid host and port' };
    if (url.username !== '' || url.password !== '')
      return { ok: false, problem: 'contains a login: remove it, and set REGISTRY_TOKEN instead' };
    urls.push(url);
  }
  return { ok: true, value: urls };
}

/** The host and the port of an http or https URL. */
export function hostAndPort({ hostname, port, protocol }: URL): HostAndPort {
  const standardPort = protocol === 'https:' ? 443 : 80;
  return { host: hostname.replace(/^\[(.*)\]$/, '$1'), port: port === '' ? standardPort : Number(port) };
}
