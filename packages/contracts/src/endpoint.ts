/**
 * Where one instance of a service is called, and what may decide whether it is chosen: all that callers know of it,
 * whatever found it. Leases, status and revisions stay with the registry.
 */
export interface Endpoint {
  /**
   * The same as long as the instance is, and no other of its service has it: by it callers keep their connections and what
   * they have learnt. Another address or port under the same id is another place; then both begin anew.
   */
  readonly id: string;
  /** What is spoken there. */
  readonly scheme: 'http' | 'https';
  /** IPv4, IPv6 without brackets, or a host name. */
  readonly address: string;
  readonly port: number;
  /** Share of the traffic in proportion to the other endpoints' weights; 0 = only when no other is left. */
  readonly weight: number;
  readonly tags: readonly string[];
  readonly metadata: Readonly<Record<string, string>>;
  /** Where it stands: an availability zone, a data centre, a rack. Undefined if nobody has said. */
  readonly zone: string | undefined;
  /** Which version of the service runs there. Undefined if nobody has said. */
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
