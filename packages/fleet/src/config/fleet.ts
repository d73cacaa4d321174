/** A fleet as it was read and found good: all defaults are in place, all paths absolute. */
export interface Fleet {
  /** The file that it stands in. */
  readonly file: string;
  /** The project's folder, where that file is. */
  readonly folder: string;
  /** Undefined: each program's own. */
  readonly dataFolder: string | undefined;
  /** In the order in which they are shown. */
  readonly programs: readonly Program[];
}

/** A program that `flotilla up` knows how to run. */
export interface Program {
  readonly name: string;
  /** What it is to the others: the registry is where they are announced, the gateway how they are called. */
  readonly role: 'gateway' | 'registry' | 'service';
  readonly launch: Launch;
  /** Where it runs. */
  readonly folder: string;
  /** The port of its first instance unless a setting says otherwise; undefined: it has none. */
  readonly defaultPort: number | 'free' | undefined;
  /** Ports of its own, beside those that every program may have. */
  readonly further: readonly FurtherPort[];
  /** Whether it keeps its state in a database file of its own. */
  readonly hasDatabase: boolean;
  /** How it is asked whether it is well; undefined: it says so itself, or its port does. */
  readonly health: Health | undefined;
  /** Variables for it alone. */
  readonly env: Readonly<Record<string, string>>;
  /** What must be ready before it is started. */
  readonly after: readonly string[];
  /** How many instances run unless somebody says otherwise. */
  readonly scale: number;
  /** Why it can't run more than once on one machine; undefined when it can. */
  readonly singleBecause?: string;
  readonly restart: RestartRule;
  /** From SIGTERM to SIGKILL; undefined: as the program says. */
  readonly stopLimitMs: number | undefined;
  readonly registers: 'itself' | 'supervisor' | 'nobody';
  /** Paths worth trying first. */
  readonly examples: readonly string[];
  /** What restarts it under `--watch`, beside what is found without. */
  readonly watch: readonly string[];
}

/** How a program is started. */
export type Launch =
  /** Node runs the file, with a channel on which the program says how it is doing. */
  | { readonly kind: 'node'; readonly file: string; readonly args: readonly string[] }
  /** A program that knows nothing of us. */
  | { readonly kind: 'command'; readonly command: string; readonly args: readonly string[] };

/** How a program is asked whether it is well. */
export interface Health {
  readonly path: string;
  readonly intervalMs: number;
  readonly timeoutMs: number;
  readonly failures: number;
}

/** When a program that has ended is started again. */
export interface RestartRule {
  readonly when: 'always' | 'on-failure' | 'never';
  /** After so many restarts in a row it stays ended; Infinity: never. */
  readonly most: number;
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

/** What the programs of ours are called. */
export const gatewayName = 'gateway';
export const registryName = 'service-registry';
