/** A valid fleet: with all defaults set and all paths absolute. */
export interface Fleet {
  /** The fleet file. */
  readonly file: string;
  /** The project's folder, where that file is. */
  readonly folder: string;
  /** Undefined: each program uses its own. */
  readonly dataFolder: string | undefined;
  /** In the order in which to show them. */
  readonly programs: readonly Program[];
}

/** A program that `flotilla up` knows how to run. */
export interface Program {
  readonly name: string;
  /** Its role: services register with the registry, the gateway routes requests to them, the dashboard shows all of it. */
  readonly role: 'gateway' | 'registry' | 'service' | 'dashboard';
  readonly launch: Launch;
  /** Where it runs. */
  readonly folder: string;
  /** The port of its first instance, unless a setting overrides it; undefined: it has none. */
  readonly defaultPort: number | 'free' | undefined;
  /** Its further ports, besides those that every program can have. */
  readonly further: readonly FurtherPort[];
  /** Whether it has its own database file. */
  readonly hasDatabase: boolean;
  /** Its health check; undefined: it reports itself, or its port is checked. */
  readonly health: Health | undefined;
  /** Environment variables for this program only. */
  readonly env: Readonly<Record<string, string>>;
  /** Programs that must be ready before it starts. */
  readonly after: readonly string[];
  /** The default number of instances. */
  readonly scale: number;
  /** Why only one instance can run on a machine; undefined if several can. */
  readonly singleBecause?: string;
  readonly restart: RestartRule;
  /** The time from SIGTERM to SIGKILL; undefined: what the program reports. */
  readonly stopLimitMs: number | undefined;
  readonly registers: 'itself' | 'supervisor' | 'nobody';
  /** Paths worth trying first. */
  readonly examples: readonly string[];
  /** More files and folders that restart it under `--watch`. */
  readonly watch: readonly string[];
}

/** How a program is started. */
export type Launch =
  /** A file that Node runs, with an IPC channel for the program's reports. */
  | { readonly kind: 'node'; readonly file: string; readonly args: readonly string[] }
  /** Any program, without an IPC channel. */
  | { readonly kind: 'command'; readonly command: string; readonly args: readonly string[] };

/** How to check whether a program is healthy. */
export interface Health {
  readonly path: string;
  readonly intervalMs: number;
  readonly timeoutMs: number;
  readonly failures: number;
}

/** When to restart a program that has ended. */
export interface RestartRule {
  readonly when: 'always' | 'on-failure' | 'never';
  /** The most restarts in a row, after which it stays ended; Infinity: no limit. */
  readonly most: number;
}

/** A further port of a program, besides its main one. */
export interface FurtherPort {
  /** The setting for the port. */
  readonly setting: string;
  readonly hostSetting: string;
  /** The default host. */
  readonly host: string;
  /** The port of the first instance; undefined: none unless it is set. */
  readonly defaultPort: number | undefined;
}

/** Further ports that every program can have. */
export const commonPorts: readonly FurtherPort[] = [
  { setting: 'ADMIN_PORT', hostSetting: 'ADMIN_HOST', host: '127.0.0.1', defaultPort: undefined },
];

/** The names of Flotilla's own programs. */
export const gatewayName = 'gateway';
export const registryName = 'service-registry';
export const dashboardName = 'dashboard';
