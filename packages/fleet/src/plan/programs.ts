/** A program `flotilla up` knows how to run. */
export interface Program {
  readonly name: string;
  /** The port of its first instance unless a setting says otherwise. */
  readonly defaultPort: number;
  /** Whether it keeps its state in a database file of its own. */
  readonly hasDatabase: boolean;
  /** Why it can't run more than once on one machine; undefined when it can. */
  readonly singleBecause?: string;
  /** Whether it is stopped after the others, which sign off with it. */
  readonly stopsLast?: boolean;
  /** Ports of its own, beside those that every program may have. Default none. */
  readonly further?: readonly FurtherPort[];
}

/** A port of a program beside that of its main server. */
export interface FurtherPort {
  /** What says where it is. */
  readonly setting: string;
  readonly hostSetting: string;
  /** Where it listens when nobody sets that. */
  readonly host: string;
  /** The port of the first instance; undefined: a program has none unless somebody sets it. */
  readonly defaultPort: number | undefined;
}

/** What every program may have, beside its own. */
export const commonPorts: readonly FurtherPort[] = [
  { setting: 'ADMIN_PORT', hostSetting: 'ADMIN_HOST', host: '127.0.0.1', defaultPort: undefined },
];

/** The program that the others are announced to. */
export const registryName = 'service-registry';

/** The fleet, in the order in which it is shown. They are started all at once. */
export const programs: readonly Program[] = [
  { name: 'gateway', defaultPort: 8080, hasDatabase: false },
  {
    name: registryName,
    defaultPort: 8500,
    hasDatabase: true,
    stopsLast: true,
    singleBecause: 'its watches and leases live in one process',
  },
  { name: 'user-service', defaultPort: 8001, hasDatabase: true },
  { name: 'order-service', defaultPort: 8002, hasDatabase: true },
];
