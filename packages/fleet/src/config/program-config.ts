/** A program of the fleet: a file that Node runs, or any command. */
export type ProgramConfig = RunConfig | CommandConfig;

/** A program that Node runs, built on `@flotilla/kit`: it says itself when it is ready, and registers itself. */
export interface RunConfig extends ProgramOptions {
  /** The file to run, TypeScript or JavaScript, seen from the project's folder: `services/greeting/src/main.ts`. */
  readonly run: string;
  /** What follows the file on the command line. Default nothing. */
  readonly args?: readonly string[];
  readonly command?: never;
}

/**
 * A program in any language. It finds in its environment where to listen (`SERVER_PORT`, the same as `PORT`, and
 * `SERVER_HOST`), who it is (`INSTANCE_ID`) and where the registry is (`REGISTRY_URL`). It must stay in the foreground, and stop
 * on SIGTERM, which all processes of its group get.
 */
export interface CommandConfig extends ProgramOptions {
  /** The command and its arguments: `['python3', 'stock.py']`. No shell reads it; for one write `['sh', '-c', '…']`. */
  readonly command: readonly [string, ...string[]];
  readonly run?: never;
  readonly args?: never;
}

/** What can be said of every program. */
export interface ProgramOptions {
  /**
   * Where its first instance listens; 0: any free port, as every further instance has. Default: any free port for `run`;
   * none for a `command`, which then counts as ready as soon as it runs.
   */
  readonly port?: number;
  /**
   * Further ports, by the variable that tells the program: `{ GRPC_PORT: 9001 }`. Further instances get others. Default
   * none.
   */
  readonly ports?: Readonly<Record<string, number>>;
  /**
   * The path that says whether it is well, by a status below 400: `/health`. Default: none for `run`, which tells by itself; a
   * `command` without one is ready when something accepts connections on its port.
   */
  readonly health?: string | HealthConfig;
  /**
   * Environment variables for it alone. A variable with the program's name before it (`STOCK__LOG_LEVEL=debug npm start`)
   * wins over them. Default none: it has those that `flotilla` was started with.
   */
  readonly env?: Readonly<Record<string, string>>;
  /** The folder where it runs, seen from the project's. Default the project's. */
  readonly folder?: string;
  /**
   * Programs that must be ready before it is started, and are stopped after it. One that is never restarted (`restart:
   * 'never'`, a migration for example) must have ended well. Default none: a program that waits for what it needs starts
   * sooner.
   */
  readonly after?: readonly string[];
  /** How many instances run. Default 1; `--scale` says otherwise for one start. */
  readonly scale?: number;
  /**
   * What happens when it ends. `always`: it is started again, at once and then at growing intervals of up to 10 s.
   * `on-failure`: only if it did not end with 0. `never`: it stays ended. Default `always`: a service is meant to run.
   */
  readonly restart?: RestartWhen | RestartConfig;
  /**
   * From SIGTERM until it is killed, in milliseconds. Default: for `run` what the program says, its `DRAIN_TIMEOUT_MS` and a
   * little; for a `command` 10 000, as containers have it.
   */
  readonly stopLimitMs?: number;
  /**
   * Who tells the registry about it. `itself`: the program. `supervisor`: `flotilla`, while its `health` answers. `false`:
   * nobody. Default `itself` for `run`; for a `command` `supervisor` if it has a port, else `false`.
   */
  readonly registers?: 'itself' | 'supervisor' | false;
  /** Paths worth trying first, shown when the fleet is ready. Default its health. */
  readonly examples?: readonly string[];
  /**
   * Files and folders whose changes restart it under `--watch`, beside what is found without: for `run` its folder and all
   * the project's files that it imports, for a `command` its `folder` unless that is the whole project.
   */
  readonly watch?: readonly string[];
}

/** When a program that has ended is started again. */
export type RestartWhen = 'always' | 'on-failure' | 'never';

/** When a program that has ended is started again, and how often. */
export interface RestartConfig {
  /** Default `always`. */
  readonly when?: RestartWhen;
  /** After so many restarts in a row, none of which stayed up for 3 s, it stays ended. Default: no end. */
  readonly most?: number;
}

/** How a program is asked whether it is well. */
export interface HealthConfig {
  /** A path of the program: `/health`. */
  readonly path: string;
  /** Between two questions, in milliseconds. Default 5000: many programs log each question, and the gateway notices
   * sooner what it can't reach. */
  readonly intervalMs?: number;
  /** How long one answer may take, in milliseconds. Default 1000. */
  readonly timeoutMs?: number;
  /** So many failures in a row take it out of the registry. Default 2: one slow answer is no outage. */
  readonly failures?: number;
}
