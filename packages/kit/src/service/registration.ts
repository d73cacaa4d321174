import { addressKind, maxMetadataEntries, type Registration } from '@flotilla/contracts';
import type { Settings } from '../config/index.ts';
import type { ProgramContext, ProgramDefinition } from './definitions.ts';
import { type BoundServer, mainServerName } from './server-set.ts';

/** Where an instance can be reached. */
export interface Place {
  readonly address: string;
  /** The port of the main server. */
  readonly port: number;
  /** The ports of its other servers, by name. */
  readonly ports: Readonly<Record<string, number>>;
}

/** The address at which others reach the program, and the port, if it is not the one that its main server listens on. */
export interface Advertised {
  readonly address: string;
  readonly port?: number | undefined;
}

/** Where others reach the servers, given what is announced. A server on loopback is only for callers on loopback. */
export function placeOf({ address, port }: Advertised, bound: readonly BoundServer[]): Place {
  const main = bound.find(({ name }) => name === mainServerName);
  if (main === undefined) throw new Error('The main server is not listening');
  const isHere = addressKind(address) === 'loopback';
  const others = bound.filter((each) => each !== main && (isHere || addressKind(each.host) !== 'loopback'));
  const ports = Object.fromEntries(others.map(({ name, at }) => [name, at.port]));
  return { address, port: port ?? main.at.port, ports };
}

/**
 * What the instance says about itself. It is one instance with one lease and one status, whatever it serves: its further
 * ports are in its metadata, such as `grpc_port` for a server named `grpc`.
 *
 * @param version of the program, which its metadata says too, if there is room; undefined: not known
 */
export function registrationOf<S extends Settings>(
  definition: Pick<ProgramDefinition<S>, 'name' | 'registration'>,
  { config, instance }: ProgramContext<S>,
  { address, port, ports }: Place,
  version?: string,
): Registration {
  const { metadata, ...rest } = definition.registration ?? {};
  const told: Record<string, string> = { ...metadata };
  for (const [server, each] of Object.entries(ports)) told[`${server}_port`] = String(each);
  // Rather without its version than refused by the registry for it.
  const hasRoom = Object.keys(told).length < maxMetadataEntries;
  const all = version !== undefined && hasRoom ? { version, ...told } : told;
  return {
    name: definition.name,
    id: instance,
    address,
    port,
    ...rest,
    ...(Object.keys(all).length === 0 ? {} : { metadata: all }),
    ...(config.LEASE_MS === undefined ? {} : { lease_ms: config.LEASE_MS }),
  };
}
