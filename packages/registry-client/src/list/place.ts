import { announcedAddressSchema, authorityOf, type Endpoint, normalAddress, portSchema } from '@flotilla/contracts';

/** Where an instance of a list listens, and what the list may say beside. */
export interface Place {
  readonly address: string;
  readonly port: number;
  /** Default: its address and port. */
  readonly id?: string | undefined;
  /** Default 1. */
  readonly weight?: number | undefined;
  readonly tags?: readonly string[] | undefined;
  readonly metadata?: Readonly<Record<string, string>> | undefined;
  readonly zone?: string | undefined;
  readonly version?: string | undefined;
}

/** Reads `address:port`. An IPv6 address needs its brackets: without them nobody can tell where the port begins. */
export function readPlace(text: string): Place | undefined {
  const [, ipv6, other = '', digits = ''] = /^(?:\[([^\]]*)\]|([^:[\]]*)):(\d{1,5})$/.exec(text) ?? [];
  const address = ipv6 ?? other;
  const port = Number(digits);
  const isRightKind = address.includes(':') === (ipv6 !== undefined);
  const good = isRightKind && announcedAddressSchema.safeParse(address).success && portSchema.safeParse(port).success;
  return good ? { address, port } : undefined;
}

/** What callers are told of a place. Two spellings of one address are one endpoint. */
export function endpointAt({
  address,
  port,
  id,
  weight = 1,
  tags = [],
  metadata = {},
  zone,
  version,
}: Place): Endpoint {
  const own = id ?? authorityOf({ address: normalAddress(address), port });
  return { id: own, scheme: 'http', address, port, weight, tags, metadata, zone, version };
}
