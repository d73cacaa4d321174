/** What a name of the zone is about. */
export type Asked =
  | { readonly kind: 'zone' }
  /** The name of a service, or a tag, a dot, and the name of a service: which of them, only the registry knows. */
  | { readonly kind: 'service'; readonly labels: readonly string[] }
  /** RFC 2782: `_web._tag.service.consul`. With `_tcp` or `_udp` instead of a tag: any instance. */
  | { readonly kind: 'rfc2782'; readonly service: string; readonly tag: string | undefined }
  | { readonly kind: 'node'; readonly node: string }
  /** An address, written in hex before `.addr`: what SRV records point to. */
  | { readonly kind: 'address'; readonly address: string }
  /** The zone's own server. */
  | { readonly kind: 'server' }
  | { readonly kind: 'nothing' };

/** The zone that is served: that of Consul's clients. */
export const zone = 'consul';

/**
 * Reads a name. Undefined: it is not in our zone.
 *
 * @param labels in small letters
 * @param datacenter ours, in small letters; a name may end in it, and in no other
 */
export function readName(labels: readonly string[], datacenter: string): Asked | undefined {
  if (labels.at(-1) !== zone) return undefined;
  const inside = labels.slice(0, -1);
  if (inside.length === 0) return { kind: 'zone' };
  if (inside.length === 1 && inside[0] === 'ns') return { kind: 'server' };
  const local = inside.at(-1) === datacenter && kinds.has(inside.at(-2) ?? '') ? inside.slice(0, -1) : inside;
  const names = local.slice(0, -1);
  if (names.length === 0) return { kind: 'nothing' };
  switch (local.at(-1)) {
    case 'service':
      return readService(names);
    case 'node':
      return { kind: 'node', node: names.join('.') };
    case 'addr': {
      const address = names.length === 1 ? addressOfHex(names[0] ?? '') : undefined;
      return address === undefined ? { kind: 'nothing' } : { kind: 'address', address };
    }
    default:
      return { kind: 'nothing' };
  }
}

/** The name that stands for an address. */
export function nameOfAddress(bytes: readonly number[], datacenter: string): string {
  return `${Buffer.from(bytes).toString('hex')}.addr.${datacenter}.${zone}`;
}

const kinds: ReadonlySet<string> = new Set(['service', 'node', 'addr']);

function readService(labels: readonly string[]): Asked {
  const [first = '', second = ''] = labels;
  if (labels.length !== 2 || !first.startsWith('_') || !second.startsWith('_')) return { kind: 'service', labels };
  const tag = second.slice(1);
  return { kind: 'rfc2782', service: first.slice(1), tag: tag === 'tcp' || tag === 'udp' ? undefined : tag };
}

function addressOfHex(hex: string): string | undefined {
  if (!/^(?:[0-9a-f]{8}|[0-9a-f]{32})$/.test(hex)) return undefined;
  const bytes = Buffer.from(hex, 'hex');
  if (bytes.length === 4) return [...bytes].join('.');
  return hex.match(/.{4}/g)?.join(':');
}
