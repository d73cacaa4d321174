import type { LogFormat, LogProfile } from '../config/index.ts';
import type { Level } from '../logger/index.ts';
import type { MetricsSnapshot } from '../telemetry/metrics-snapshot.ts';

/** How long workers continue without a primary. Supervisors that restart a program do so sooner. */
export const outliveMs = 10_000;

/** What the primary needs from a program's config; a worker sends it, so that the primary need not read the config. */
export interface WorkerFacts {
  /** The maximum number of workers (`MAX_WORKERS`). */
  readonly maxWorkers: number;
  /** How long the program may take to stop in total; then it is killed. */
  readonly stopLimitMs: number;
  /** How long workers that a reload replaced may take to finish what they began. */
  readonly retireTimeoutMs: number;
  /** How long a worker may be unresponsive before it is replaced; 0: forever. */
  readonly hangLimitMs: number;
  /** For the primary's own log lines. */
  readonly service: string;
  readonly instance: string;
  readonly logLevel: Level;
  readonly logFormat: LogFormat;
  /** Undefined from workers of an earlier release: native. */
  readonly logProfile?: LogProfile;
}

/** The log level to use, and for how long. */
export interface LogLevelOrder {
  readonly level: Level;
  readonly forMs: number;
}

/** Messages of a worker. `bound` carries a socket. */
export type WorkerMessage =
  /** The config is valid. */
  | { readonly type: 'configured'; readonly facts: WorkerFacts }
  /** Asks for the listening socket of an address. */
  | { readonly type: 'bind'; readonly key: string }
  /** Has bound the socket itself, and hands over a second handle to be kept. */
  | { readonly type: 'bound'; readonly key: string }
  | { readonly type: 'bind-failed'; readonly key: string }
  /** Accepts connections. */
  | { readonly type: 'listening' }
  /** Serves; `live` is the URL at which this machine can ask whether it is live. */
  | { readonly type: 'ready'; readonly url: string; readonly instance: string; readonly live: string }
  /** The registry acknowledged the instance. */
  | { readonly type: 'registered' }
  /** Asks for the metrics of all workers. */
  | { readonly type: 'collect'; readonly id: number }
  /** Asks how all workers are. */
  | { readonly type: 'gather'; readonly id: number }
  /** How this worker is, as requested with `id`; null: it has nothing to say. */
  | { readonly type: 'state'; readonly id: number; readonly state: unknown }
  /** An operator changed the log level here; the other processes must follow. */
  | ({ readonly type: 'log-level' } & LogLevelOrder)
  /** The configured log level is another one from now on; every worker learns of that by itself. */
  | { readonly type: 'configured-log-level'; readonly level: Level }
  /** The answer to `ping`. */
  | { readonly type: 'pong' }
  /** This worker's metrics: requested with `id`, or its last ones. */
  | { readonly type: 'snapshot'; readonly id: number | undefined; readonly metrics: MetricsSnapshot };

/** Messages of the primary. `socket` carries a socket. */
export type PrimaryMessage =
  /**
   * It is this worker's turn to start.
   * - `acceptAfterMs`: how long it waits at most to be ready before it accepts connections. 0 if nobody else serves;
   *   otherwise its answers would be worse than those of workers that are ready.
   */
  | { readonly type: 'turn'; readonly acceptAfterMs: number }
  /** The requested socket; if the message carries none, the worker binds it. */
  | { readonly type: 'socket'; readonly key: string }
  /** This worker announces the instance from now on. */
  | { readonly type: 'lead' }
  /** Others have taken over: finish what has begun, within `limitMs`, and end. */
  | { readonly type: 'retire'; readonly deregister: boolean; readonly limitMs: number }
  /** An operator changed the log level elsewhere. */
  | ({ readonly type: 'log-level' } & LogLevelOrder)
  /** Asks whether the worker is live. */
  | { readonly type: 'ping' }
  | { readonly type: 'snapshot-wanted'; readonly id: number }
  /** The metrics of all workers, as requested with `id`. */
  | { readonly type: 'collected'; readonly id: number; readonly metrics: MetricsSnapshot }
  /** Asks how the worker is. */
  | { readonly type: 'state-wanted'; readonly id: number }
  /** How the workers are that said so, as requested with `id`. */
  | { readonly type: 'gathered'; readonly id: number; readonly states: readonly unknown[] };

/**
 * Set by a supervisor that keeps a program's listening sockets across restarts: `keep` if there are none yet, `take` if those
 * of the previous process follow on the channel. A parent that does not ask must get none: it would hold them open.
 */
export const socketsVariable = 'FLOTILLA_SOCKETS';

/** Messages of a supervisor. `socket` carries a socket. */
export type SupervisorMessage =
  | { readonly type: 'reload' }
  /** A listening socket that the previous process handed over. */
  | { readonly type: 'socket'; readonly key: string }
  /** There are no more sockets. */
  | { readonly type: 'sockets-complete' };

/**
 * Reads a message from the other side. Both sides are ours, but after a reload they may be of different releases: messages
 * of an unknown type are ignored.
 */
export function readMessage<Message extends { readonly type: string }>(value: unknown): Message | undefined {
  if (typeof value !== 'object' || value === null || !('type' in value) || typeof value.type !== 'string')
    return undefined;
  // Written by the other half of this folder; receivers switch on the type and ignore unknown ones.
  return value as Message;
}
