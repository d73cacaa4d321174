import { BlockList, isIP } from 'node:net';
import { clientNetwork } from '@flotilla/contracts';
import { headerValues } from './header-list.ts';
import type { RequestHead } from './request-head.ts';

/** The proxies in front of this gateway whose word about the client is believed. */
export interface TrustedProxies {
  /** Whether the peer with this address is one of them. IPv4 addresses written as IPv6 (`::ffff:…`) count as IPv4. */
  trusts(address: string): boolean;
}

/** Trusts nobody: right when clients connect directly. */
const trustNobody: TrustedProxies = { trusts: () => false };

/**
 * Trusts the addresses in `ranges`: single addresses or CIDR blocks, IPv4 or IPv6.
 *
 * @throws RangeError naming the first range that is not one
 */
export function trustRanges(ranges: readonly string[]): TrustedProxies {
  if (ranges.length === 0) return trustNobody;
  const list = new BlockList();
  for (const range of ranges) {
    const [address = '', bits] = range.split('/', 2);
    const family = isIP(address);
    if (family === 0 || range.split('/').length > 2)
      throw new RangeError(`"${range}" is neither an IP address nor a CIDR block`);
    const type = family === 4 ? 'ipv4' : 'ipv6';
    if (bits === undefined) {
      list.addAddress(address, type);
      continue;
    }
    const prefix = /^\d{1,3}$/.test(bits) ? Number(bits) : -1;
    if (prefix < 0 || prefix > (family === 4 ? 32 : 128)) throw new RangeError(`"${range}" has no valid prefix length`);
    if (!isNetwork(address, family, prefix)) {
      throw new RangeError(
        `"${range}" is not a valid block: bits are set after the first ${prefix}. Write the first address of the block, or the address alone`,
      );
    }
    list.addSubnet(address, prefix, type);
  }
  return {
    trusts(address) {
      const plain = withoutMapping(address);
      const family = isIP(plain);
      return family !== 0 && list.check(plain, family === 4 ? 'ipv4' : 'ipv6');
    },
  };
}

/** Whether `address` is the first of its block: no bit is set behind the prefix. */
function isNetwork(address: string, family: number, prefix: number): boolean {
  const width = family === 4 ? 8 : 16;
  return numbersOf(address, family).every((number, at) => {
    const free = Math.min(width, Math.max(0, (at + 1) * width - prefix));
    return number % 2 ** free === 0;
  });
}

/** The four bytes of an IPv4 address, or the eight 16-bit numbers of an IPv6 address. */
function numbersOf(address: string, family: number): readonly number[] {
  if (family === 4) return address.split('.').map(Number);
  // In its one written form, so without an IPv4 address at its end.
  const text = new URL(`http://[${address}]`).hostname.slice(1, -1);
  const [head = [], tail = []] = text.split('::').map((half) => (half === '' ? [] : half.split(':')));
  const zeros = new Array<string>(8 - head.length - tail.length).fill('0');
  return [...head, ...zeros, ...tail].map((group) => Number.parseInt(group, 16));
}

/** `::ffff:10.0.0.1` → `10.0.0.1`: how a dual-stack socket shows an IPv4 peer. */
export function withoutMapping(address: string): string {
  return address.startsWith('::ffff:') && address.includes('.') ? address.slice(7) : address;
}

/**
 * The client's address: the peer's, or when the peer is a trusted proxy, the last address in `X-Forwarded-For` that
 * is not a trusted proxy itself. Anything further left was said by somebody unknown. What is no address ends the walk.
 */
export function clientAddress(head: RequestHead, trusted: TrustedProxies): string {
  let client = withoutMapping(head.remoteAddress);
  if (!trusted.trusts(client)) return client;
  const hops = headerValues(head.headers, 'x-forwarded-for').join(',').split(',');
  for (let at = hops.length - 1; at >= 0; at--) {
    const hop = bareAddress((hops[at] ?? '').trim());
    if (hop === undefined) break;
    client = hop;
    if (!trusted.trusts(hop)) break;
  }
  return client;
}

/** The client a request counts for; undefined: a trusted proxy that names none, behind which may be many. */
export function countedClient(head: RequestHead, trusted: TrustedProxies): string | undefined {
  const address = clientAddress(head, trusted);
  return trusted.trusts(address) ? undefined : clientNetwork(address);
}

/** `10.0.0.1:1234` → `10.0.0.1`, `[::1]:80` → `::1`: some proxies add the port. */
function bareAddress(text: string): string | undefined {
  if (isIP(text) !== 0) return withoutMapping(text);
  const host = text.startsWith('[') ? text.slice(1, text.indexOf(']')) : text.slice(0, text.lastIndexOf(':'));
  return isIP(host) === 0 ? undefined : withoutMapping(host);
}
