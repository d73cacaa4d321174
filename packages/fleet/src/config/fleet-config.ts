import type { ProgramConfig } from './program-config.ts';

/**
 * A fleet: the programs that `flotilla up` runs on one machine. Written in `flotilla.config.ts`, whose folder is the
 * project's: every relative path in it begins there.
 */
export interface FleetConfig {
  /**
   * The service registry. Default `{ port: 8500 }`; `false`: none is started, because `REGISTRY_URL` names one that runs
   * elsewhere, or a list.
   */
  readonly registry?: false | OwnProgramConfig;
  /**
   * The gateway. Default: started when there is a `gateway.config.ts` in the project's folder; `false`: none, whatever
   * lies there.
   */
  readonly gateway?: false | GatewayProgramConfig;
  /**
   * The folder for data: each program with a database gets a file of its own there (`DATABASE_URL`), a command the folder
   * itself (`DATA_FOLDER`). Default: each program's own, `data` in the folder where it runs.
   */
  readonly dataFolder?: string;
  /**
   * Your programs, by name. A name is that of the service in the registry: letters, digits, `-`, `_` and `.`, at most 63. They
   * are started all at once; who needs another one first says so in `after`.
   */
  readonly programs: Readonly<Record<string, ProgramConfig>>;
}

/** What can be said of a program of ours, the registry for example. */
export interface OwnProgramConfig {
  /** Where it listens; 0: any free port. Default 8500 for the registry, 8080 for the gateway. */
  readonly port?: number;
  /** Settings for it alone, as environment variables; `docs/config.md` lists them. Default none. */
  readonly env?: Readonly<Record<string, string>>;
  /** Paths worth trying first, shown when the fleet is ready, for example `/users/1`. Default some that always work. */
  readonly examples?: readonly string[];
}

/** What can be said of the gateway. */
export interface GatewayProgramConfig extends OwnProgramConfig {
  /** The file with its routes. Default `gateway.config.ts`. */
  readonly routes?: string;
}

/**
 * Gives a fleet its type, so that an editor completes and checks it:
 *
 * ```ts
 * export const fleet = defineFleet({
 *   programs: { 'greeting-service': { run: 'services/greeting/src/main.ts', port: 8003 } },
 * });
 * ```
 */
export function defineFleet(config: FleetConfig): FleetConfig {
  return config;
}
