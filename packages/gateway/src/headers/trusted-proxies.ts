import { BlockList, isIP } from 'node:net';

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
        `"${range}" is no block: bits are set after its first ${prefix}. Write the block's first address, or the address alone`,
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
