/**
 * Where callers reach one instance of a service, and what they may choose by: everything that callers know of it,
 * whatever the kind of discovery. Leases, status and revisions stay in the registry.
 */
export interface Endpoint {
  /**
   * Unique within the service, and constant while the instance lives: callers keep their connections and statistics by
   * it. Another address or port under the same id is a different endpoint, for which both start over.
   */
  readonly id: string;
  /** The protocol of the endpoint. */
  readonly scheme: 'http' | 'https';
  /** IPv4, IPv6 without brackets, or a host name. */
  readonly address: string;
  readonly port: number;
  /** Share of the traffic in proportion to the other endpoints' weights; 0 = only when no other is left. */
  readonly weight: number;
  readonly tags: readonly string[];
  readonly metadata: Readonly<Record<string, string>>;
  /** Where it runs: an availability zone, a data centre, a rack. Undefined if unknown. */
  readonly zone: string | undefined;
  /** Which version of the service runs there. Undefined if unknown. */
  readonly version: string | undefined;
}

/** `address:port`, an IPv6 address in brackets: what stands in URLs, in `Host` and in logs. */
export function authorityOf({ address, port }: Pick<Endpoint, 'address' | 'port'>): string {
  return `${address.includes(':') ? `[${address}]` : address}:${port}`;
}

/** Whether both say the same in every field. */
export function isSameEndpoint(a: Endpoint, b: Endpoint): boolean {
  return (
    a.id === b.id &&
    a.scheme === b.scheme &&
    a.address === b.address &&
    a.port === b.port &&
    a.weight === b.weight &&
    a.zone === b.zone &&
    a.version === b.version &&
    sameTags(a.tags, b.tags) &&
    sameMetadata(a.metadata, b.metadata)
  );
}

/** Whether both hold the same tags in the same order. */
export function sameTags(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((tag, index) => tag === b[index]);
}

/** Whether both have the same entries, in whatever order. */
export function sameMetadata(a: Endpoint['metadata'], b: Endpoint['metadata']): boolean {
  const names = Object.keys(a);
  return names.length === Object.keys(b).length && names.every((name) => Object.hasOwn(b, name) && a[name] === b[name]);
}
