import { z } from 'zod';
import { rule } from './field-rule.ts';

/** What kind of place an address is. `name` is any name whose meaning only a resolver knows. */
export type AddressKind =
  | 'name'
  | 'usable'
  | 'loopback'
  | 'link-local'
  /** Where clouds answer with credentials, beside those that are link-local. */
  | 'metadata'
  | 'unspecified'
  | 'multicast'
  | 'broadcast';

const ipv4 = /^(?:(?:25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)\.){3}(?:25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)$/;
const ipv6Characters = /^[0-9A-Fa-f:.]{2,45}$/;
/** With `_`, as container networks have them, and with the final dot of a name that is complete. */
const hostName =
  /^(?=.{1,253}\.?$)[A-Za-z0-9_](?:[A-Za-z0-9_-]{0,61}[A-Za-z0-9_])?(?:\.[A-Za-z0-9_](?:[A-Za-z0-9_-]{0,61}[A-Za-z0-9_])?)*\.?$/;
/** A last label like this makes resolvers read the whole as an IPv4 address in an odd spelling: `0x7f.1`, `2130706433`. */
const endsInNumber = /(?:^|\.)(?:\d+|0[xX][0-9A-Fa-f]*)\.?$/;

function isHost(value: string): boolean {
  if (ipv4.test(value)) return true;
  if (hostName.test(value)) return !endsInNumber.test(value);
  // URL's own parser knows every form of an IPv6 literal; the character test keeps a zone id or a port out.
  return ipv6Characters.test(value) && value.includes(':') && URL.canParse(`http://[${value}]/`);
}

/** Where something listens: an IPv4 or IPv6 address without brackets, or a host name; no scheme, no port. */
export const addressSchema: z.ZodType<string> = z.string().min(1).max(254).refine(isHost, rule('NOT_AN_ADDRESS'));

/** An address that others may be told: not one that stands for every address, or for many. */
export const announcedAddressSchema: z.ZodType<string> = addressSchema.refine((address) => {
  // The schema looks on after a first mistake, which then has been told.
  if (!isHost(address)) return true;
  const kind = addressKind(address);
  return kind !== 'unspecified' && kind !== 'multicast' && kind !== 'broadcast';
}, rule('NOT_REACHABLE'));

const loopbackNames = /^(?:(?:.*\.)?localhost|localhost\.localdomain|ip6-localhost|ip6-loopback)$/;
const metadataNames = new Set(['metadata.google.internal', 'metadata.goog', 'instance-data.ec2.internal']);
const metadataAddresses = new Set([
  // Alibaba, Oracle, Azure.
  '100.100.100.200',
  '192.0.0.192',
  '168.63.129.16',
  // AWS and Google over IPv6.
  'fd00:ec2::254',
  'fd20:ce::254',
]);

/** The kind of an address that {@link addressSchema} accepts. */
export function addressKind(address: string): AddressKind {
  const normal = normalAddress(address);
  if (metadataAddresses.has(normal) || metadataNames.has(normal)) return 'metadata';
  if (normal.includes(':')) return ipv6Kind(normal);
  if (ipv4.test(normal)) return ipv4Kind(normal);
  return loopbackNames.test(normal) ? 'loopback' : 'name';
}

/**
 * One text for all spellings of an address: lower case, IPv6 in its shortest form, IPv4 that is written as IPv6 as
 * IPv4, a name without its final dot.
 */
export function normalAddress(address: string): string {
  if (!address.includes(':')) return address.toLowerCase().replace(/\.$/, '');
  const normal = new URL(`http://[${address}]/`).hostname.slice(1, -1);
  const mapped = /^::ffff:([0-9a-f]+):([0-9a-f]+)$/.exec(normal);
  return mapped === null ? normal : dotted(mapped[1], mapped[2]);
}

/**
 * What counts as one client where clients are counted: an IPv4 address, or the /64 network of an IPv6 one. That is what
 * a single customer has, and with it 2^64 addresses to come from.
 *
 * @param address of a socket
 */
export function clientNetwork(address: string): string {
  const normal = normalAddress(address.replace(/%.*$/, ''));
  return normal.includes(':') ? `${groupsOf(normal).slice(0, 4).join(':')}::/64` : normal;
}

function ipv4Kind(address: string): AddressKind {
  const [first = 0, second = 0] = address.split('.').map(Number);
  // 0.0.0.0/8 is "this network"; systems connect 0.0.0.0 to themselves.
  if (first === 0) return 'unspecified';
  if (first === 127) return 'loopback';
  if (first === 169 && second === 254) return 'link-local';
  if (first >= 224 && first <= 239) return 'multicast';
  return address === '255.255.255.255' ? 'broadcast' : 'usable';
}

function ipv6Kind(address: string): AddressKind {
  if (address === '::') return 'unspecified';
  if (address === '::1') return 'loopback';
  const groups = groupsOf(address);
  const first = Number.parseInt(groups[0] ?? '', 16);
  if ((first & 0xffc0) === 0xfe80) return 'link-local';
  if (first >= 0xff00) return 'multicast';
  const inner = innerIpv4(groups);
  if (inner === undefined) return 'usable';
  return metadataAddresses.has(inner) ? 'metadata' : ipv4Kind(inner);
}

/** The eight groups of a normal IPv6 address. */
function groupsOf(address: string): readonly string[] {
  const [head = '', tail] = address.split('::');
  const before = head === '' ? [] : head.split(':');
  const after = tail === undefined || tail === '' ? [] : tail.split(':');
  const missing = tail === undefined ? 0 : 8 - before.length - after.length;
  return [...before, ...Array.from({ length: missing }, () => '0'), ...after];
}

/** The IPv4 address that an IPv6 address leads to: compatible (`::a.b.c.d`), translated, NAT64, 6to4. */
function innerIpv4(groups: readonly string[]): string | undefined {
  const start = groups.slice(0, 6).join(':');
  if (start === '0:0:0:0:0:0' || start === '0:0:0:0:ffff:0' || start === '64:ff9b:0:0:0:0')
    return dotted(groups[6], groups[7]);
  return groups[0] === '2002' ? dotted(groups[1], groups[2]) : undefined;
}

function dotted(high = '0', low = '0'): string {
  const [left, right] = [Number.parseInt(high, 16), Number.parseInt(low, 16)];
  return [left >> 8, left & 0xff, right >> 8, right & 0xff].join('.');
}
