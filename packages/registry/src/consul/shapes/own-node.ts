import { createHash } from 'node:crypto';

/** The one node that this registry is, for Consul's clients: the machine of all instances that name no other. */
export interface OwnNode {
  readonly name: string;
  /** A UUID. */
  readonly id: string;
  /** Where its services are that name no address. */
  readonly address: string;
  /** Where this registry listens. */
  readonly port: number;
  readonly datacenter: string;
  readonly meta: Readonly<Record<string, string>>;
}

/** The version of Consul that clients are told, who compare it with what they need: what it sends and takes is accepted. */
export const consulVersion = '1.22.0';

/** An id for a node that nobody gave one: the same for the same name, in the form of a UUID. */
export function nodeIdOf(name: string): string {
  const hex = createHash('sha256').update(`node ${name}`).digest('hex');
  return [hex.slice(0, 8), hex.slice(8, 12), `4${hex.slice(13, 16)}`, `8${hex.slice(17, 20)}`, hex.slice(20, 32)].join(
    '-',
  );
}

/** Where this registry is, as Consul writes places. */
export function placeOf({ address, port }: OwnNode): string {
  return `${address.includes(':') ? `[${address}]` : address}:${port}`;
}
