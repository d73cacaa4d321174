import type { ProgramConfig } from './program-config.ts';

/**
 * A fleet: the programs that `flotilla up` runs on one machine. It stands in `flotilla.config.ts`. The folder of that file is the
 * project; every relative path begins there.
 */
export interface FleetConfig {
  /**
   * The service registry. Default: `{ port: 8500 }`. `false` leaves it out, because `REGISTRY_URL` names a registry elsewhere, or a
   * list.
   */
  readonly registry?: false | OwnProgramConfig;
  /** The gateway. Default: it runs if the project has a `gateway.config.ts`. `false` leaves it out in any case. */
  readonly gateway?: false | GatewayProgramConfig;
  /**
   * The dashboard, a page to look at the fleet. Default: `{ port: 8090 }`, or any free port if that is in use. `false` leaves it
   * out, as `flotilla up --no-dashboard` does.
   */
  readonly dashboard?: false | DashboardConfig;
  /**
   * The folder for data. Each program with a database gets its own file there (`DATABASE_URL`); a command gets the folder
   * (`DATA_FOLDER`). Default: `data` in the folder where each program runs.
   */
  readonly dataFolder?: string;
  /**
   * Your programs, by name: the name of the service in the registry, with letters, digits, `-`, `_` and `.`, at most 63. They all
   * start at once, unless they name others in `after`.
   */
  readonly programs: Readonly<Record<string, ProgramConfig>>;
}

/** Options of the registry and the gateway. */
export interface OwnProgramConfig {
  /** The port; 0 for any free port. Default: 8500 for the registry, 8080 for the gateway. */
  readonly port?: number;
  /** Settings for this program only, as environment variables. `docs/config.md` lists them. Default: none. */
  readonly env?: Readonly<Record<string, string>>;
  /** Paths to try first, shown when the fleet is ready: `/users/1`. Default: paths that always work. */
  readonly examples?: readonly string[];
}

/** Options of the dashboard. */
export interface DashboardConfig {
  /** The port; 0 for any free port. Default: 8090. If it is in use, the dashboard takes a free one. */
  readonly port?: number;
  /** Settings for the dashboard only, as environment variables. `docs/config.md` lists them. Default: none. */
  readonly env?: Readonly<Record<string, string>>;
}

/** Options of the gateway. */
export interface GatewayProgramConfig extends OwnProgramConfig {
  /** The file with its routes. Default: `gateway.config.ts`. */
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
