import type { FaultProxy } from '../faults/fault-proxy.ts';
import type { Announced } from './ask-fleet.ts';

/** What {@link startFleet} starts, and how. */
export interface StartFleetOptions {
  /**
   * The file of the fleet, or a folder to look for it from upwards; paths begin in the current folder. Default: the
   * `flotilla.config.ts` of the current folder, or of the nearest above it.
   */
  readonly config?: string | URL;
  /** Only these programs, and the registry that they are announced to. Default: all of the file. */
  readonly only?: readonly string[];
  /** How many instances of a program. Default: as the file says. */
  readonly scale?: Readonly<Record<string, number>>;
  /**
   * Variables for all programs, or, as `USER_SERVICE__LOG_LEVEL`, for one. Of the environment that the tests run in, programs
   * get only where the system and its tools are: no setting of the shell can lead a test to real data.
   */
  readonly env?: Readonly<Record<string, string>>;
  /** Services played by the test, by their names, such as `{ stock: await fakeUpstream() }`. The file's program of the name is left out. */
  readonly fakes?: Readonly<Record<string, Announced>>;
  /** Services that callers reach through a {@link FaultProxy}; see `faults` of the fleet. Default none. */
  readonly faults?: readonly string[];
  /** How long the fleet may take until it can be used, in milliseconds. Default 30 000: far longer than it does. */
  readonly readyTimeoutMs?: number;
}

/**
 * A fleet of real processes. Dispose it with `await using`: that ends them, removes their data, and fails, with what it
 * wrote, if one of them had ended although no test told it to.
 */
export interface TestFleet extends AsyncDisposable {
  /** Where a program serves, without a slash at the end: `url('gateway')`. Its first instance, or `user-service-2`. */
  url(name: string): string;
  /** All that a program has written, over all its starts. */
  logs(name: string): string;
  /** Ends a program at once, without a chance to say goodbye; resolves when it is gone. `signal`: default SIGKILL. */
  kill(name: string, signal?: NodeJS.Signals): Promise<void>;
  /** Stops a program as a release does: it signs off and finishes what it has begun. */
  stop(name: string): Promise<void>;
  /** Resolves when a program has ended by itself, which is then no failure. */
  ended(name: string): Promise<void>;
  /** Starts a program that has ended, on the same port and with the same data; resolves when callers reach it. */
  start(name: string): Promise<void>;
  /** Stops a program and starts it again. */
  restart(name: string): Promise<void>;
  /** What stands between the callers of a service and the service; named in `faults` of {@link StartFleetOptions}. */
  faults(name: string): FaultProxy;
  /** Sends callers of a service to a URL of the test's, beside those there are; resolves when the gateway knows. */
  announce(name: string, where: Announced): Promise<void>;
  /** Where the data is. Removed at the end. */
  readonly folder: string;
}
