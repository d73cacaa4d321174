/** A program of the fleet: a file that Node runs, or any command. */
export type ProgramConfig = RunConfig | CommandConfig;

/** A program for Node, built on `@flotilla/kit`. It reports itself when it is ready, and registers itself. */
export interface RunConfig extends ProgramOptions {
  /** The file to run, TypeScript or JavaScript, relative to the project: `services/greeting/src/main.ts`. */
  readonly run: string;
  /** Arguments after the file. Default: none. */
  readonly args?: readonly string[];
  readonly command?: never;
}

/**
 * A program in any language. Its environment says where to listen (`PORT`, also as `SERVER_PORT`, and `SERVER_HOST`), who it is
 * (`INSTANCE_ID`) and where the registry is (`REGISTRY_URL`). It must stay in the foreground, and stop on SIGTERM, which every
 * process of its group gets.
 */
export interface CommandConfig extends ProgramOptions {
  /** The command and its arguments: `['python3', 'stock.py']`. No shell reads it. For a shell, write `['sh', '-c', '…']`. */
  readonly command: readonly [string, ...string[]];
  readonly run?: never;
  readonly args?: never;
}

/** Options of every program. */
export interface ProgramOptions {
  /**
   * The port of its first instance; 0 for any free port. Further instances always get free ports. Default: any free port for
   * `run`, none for a `command`. A command without a port is ready as soon as it runs.
   */
  readonly port?: number;
  /**
   * Further ports, by the variable that tells the program: `{ GRPC_PORT: 9001 }`. Further instances get other ports. Default:
   * none.
   */
  readonly ports?: Readonly<Record<string, number>>;
  /**
   * The path that answers with a status below 400 while the program is well: `/health`. Default: none. A `run` program reports
   * itself; a `command` without a path is ready when its port accepts connections.
   */
  readonly health?: string | HealthConfig;
  /**
   * Environment variables for this program only. A variable with the program's name before it (`STOCK__LOG_LEVEL=debug`)
   * overrides them. Default: none; every program gets the environment of `flotilla`.
   */
  readonly env?: Readonly<Record<string, string>>;
  /** The folder where it runs, relative to the project. Default: the project. */
  readonly folder?: string;
  /**
   * Programs that must be ready before this one starts. They stop after it. A program with `restart: 'never'`, such as a
   * migration, must have exited with 0. Default: none; a program that waits for what it needs by itself starts sooner.
   */
  readonly after?: readonly string[];
  /** The number of instances. `--scale` overrides it. Default: 1. */
  readonly scale?: number;
  /**
   * When to restart it after it exits. `always`: at once, then at growing intervals of up to 10 s. `on-failure`: only after an
   * exit code other than 0. `never`: not at all. Default: `always`, because a service is meant to run.
   */
  readonly restart?: RestartWhen | RestartConfig;
  /**
   * The time from SIGTERM to SIGKILL, in milliseconds. Default: for `run` what the program asks for, its `DRAIN_TIMEOUT_MS` and a
   * little more; for a `command` 10 000, as for containers.
   */
  readonly stopLimitMs?: number;
  /**
   * Who registers it. `itself`: the program. `supervisor`: `flotilla`, for as long as its `health` answers. `false`: nobody.
   * Default: `itself` for `run`; `supervisor` for a `command` with a port.
   */
  readonly registers?: 'itself' | 'supervisor' | false;
  /** Paths to try first, shown when the fleet is ready. Default: its health path. */
  readonly examples?: readonly string[];
  /**
   * More files and folders that restart it under `--watch`. Always watched: for `run` its folder and every file of the project
   * that it imports; for a `command` the scripts in its arguments, and its `folder` unless that is the whole project. Default: no
   * more.
   */
  readonly watch?: readonly string[];
}

/** When to restart a program that has exited. */
export type RestartWhen = 'always' | 'on-failure' | 'never';

/** When to restart a program that has exited, and how often. */
export interface RestartConfig {
  /** Default: `always`. */
  readonly when?: RestartWhen;
  /** The most restarts in a row, none of which stays up for 3 s. Default: no limit. */
  readonly most?: number;
}

/** How to find out whether a program is well. */
export interface HealthConfig {
  /** A path of the program: `/health`. */
  readonly path: string;
  /**
   * The time between two requests, in milliseconds. Default: 5000, because many programs log each request, and the gateway
   * notices sooner what it cannot reach.
   */
  readonly intervalMs?: number;
  /** The longest time for one answer, in milliseconds. Default: 1000. */
  readonly timeoutMs?: number;
  /** The number of failures in a row that takes it out of the registry. Default: 2; one slow answer is no outage. */
  readonly failures?: number;
}
