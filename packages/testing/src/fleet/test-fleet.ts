import type { FaultProxy } from '../faults/fault-proxy.ts';
import type { Announced } from './ask-fleet.ts';

/** What {@link startFleet} starts, and how. */
export interface StartFleetOptions {
  /**
   * The fleet file, or a folder to search upwards from; relative to the current folder. Default: the `flotilla.config.ts` in the
   * current folder or the nearest one above it.
   */
  readonly config?: string | URL;
  /** Start only these programs, and the registry they register with. Default: all programs in the file. */
  readonly only?: readonly string[];
  /** The number of instances of a program. Default: what the file says. */
  readonly scale?: Readonly<Record<string, number>>;
  /**
   * Environment variables for all programs, or for one: `USER_SERVICE__LOG_LEVEL`. From the test's own environment, programs get
   * only what locates the system and its tools, such as `PATH` and `HOME`, so no setting in your shell can point a test at real data.
   */
  readonly env?: Readonly<Record<string, string>>;
  /** Services that the test plays, by name: `{ stock: await fakeUpstream() }`. A program of that name in the file is not started. */
  readonly fakes?: Readonly<Record<string, Announced>>;
  /** Services that callers reach through a {@link FaultProxy}; see {@link TestFleet.faults}. Default: none. */
  readonly faults?: readonly string[];
  /** How long the fleet may take to start, in milliseconds. Default 30 000, far longer than it needs. */
  readonly readyTimeoutMs?: number;
}

/**
 * A fleet of real processes. Dispose of it with `await using`: this ends the processes and deletes their data. If a program ended
 * that the test did not end, disposing throws an error with the program's output.
 */
export interface TestFleet extends AsyncDisposable {
  /** The URL of a program, without a trailing slash: `url('gateway')`. Further instances are named `user-service-2` and so on. */
  url(name: string): string;
  /** Everything a program has written to stdout and stderr, across restarts. */
  logs(name: string): string;
  /** Kills a program (SIGKILL); resolves when it is gone. The registry does not hear of it. */
  kill(name: string): Promise<void>;
  /** Sends a signal, and does not wait: `SIGSTOP` freezes a program, `SIGCONT` lets it go on, `SIGHUP` reloads. */
  signal(name: string, signal: NodeJS.Signals): void;
  /** Stops a program gracefully: it deregisters and finishes its requests. */
  stop(name: string): Promise<void>;
  /** Waits until a program has ended by itself, and accepts that it did. */
  ended(name: string): Promise<void>;
  /** Starts a program again, on the same port and with the same data; resolves when callers can reach it. */
  start(name: string): Promise<void>;
  /** Stops a program gracefully and starts it again. */
  restart(name: string): Promise<void>;
  /** The proxy between a service and its callers. The service must be named in {@link StartFleetOptions.faults}. */
  faults(name: string): FaultProxy;
  /** Registers a URL as one more instance of a service; resolves when the gateway knows it. */
  announce(name: string, where: Announced): Promise<void>;
  /** The folder with the programs' data. Deleted at the end. */
  readonly folder: string;
}
