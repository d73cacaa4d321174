import type { Level } from '../logger/index.ts';
import type { MetricsSnapshot } from '../telemetry/metrics-snapshot.ts';

/** How long workers go on without a primary. Supervisors that start a program again do so sooner. */
export const outliveMs = 10_000;

/** What the primary has to know of a program's config; a worker tells it, so that the primary need not read any. */
export interface WorkerFacts {
  /** How many workers are wanted at most (`MAX_WORKERS`). */
  readonly maxWorkers: number;
  /** How long the program may take to stop, all in all; then it is killed. */
  readonly stopLimitMs: number;
  /** How long workers that a reload has replaced may go on with what they have begun. */
  readonly retireTimeoutMs: number;
  /** How long a worker may answer nothing before it is replaced; 0 = for ever. */
  readonly hangLimitMs: number;
  /** For the primary's own log lines. */
  readonly service: string;
  readonly instance: string;
  readonly logLevel: Level;
  readonly logFormat: 'auto' | 'pretty' | 'json';
}

/** How much is to be logged, and for how long. */
export interface LogLevelOrder {
  readonly level: Level;
  readonly forMs: number;
}

/** What a worker says. Sockets travel beside `bound`. */
export type WorkerMessage =
  /** The config is good. */
  | { readonly type: 'configured'; readonly facts: WorkerFacts }
  /** Asks for the listening socket of an address. */
  | { readonly type: 'bind'; readonly key: string }
  /** Has bound the socket itself, and hands a second handle of it over to be kept. */
  | { readonly type: 'bound'; readonly key: string }
  | { readonly type: 'bind-failed'; readonly key: string }
  /** Accepts connections. */
  | { readonly type: 'listening' }
  /** Serves; at `live` it can be asked from this machine whether it lives. */
  | { readonly type: 'ready'; readonly url: string; readonly instance: string; readonly live: string }
  /** The registry has acknowledged the instance. */
  | { readonly type: 'registered' }
  /** Asks for the metrics of all workers. */
  | { readonly type: 'collect'; readonly id: number }
  /** An operator has changed the log level here; the other processes are to follow. */
  | ({ readonly type: 'log-level' } & LogLevelOrder)
  /** The answer to `ping`. */
  | { readonly type: 'pong' }
  /** This worker's metrics: asked for with `id`, or its last ones. */
  | { readonly type: 'snapshot'; readonly id: number | undefined; readonly metrics: MetricsSnapshot };

/** What the primary says. Sockets travel beside `socket`. */
export type PrimaryMessage =
  /**
   * It is this worker's turn to start.
   * - `acceptAfterMs`: how long it waits at most for its own readiness before it accepts connections. 0 where nobody
   *   else serves; else a client would be answered worse than by those who are ready.
   */
  | { readonly type: 'turn'; readonly acceptAfterMs: number }
  /** The socket that was asked for; without one beside it the worker binds it. */
  | { readonly type: 'socket'; readonly key: string }
  /** This worker announces the instance from now on. */
  | { readonly type: 'lead' }
  /** Others have taken over: finish what was begun, within `limitMs`, and end. */
  | { readonly type: 'retire'; readonly deregister: boolean; readonly limitMs: number }
  /** An operator has changed the log level elsewhere. */
  | ({ readonly type: 'log-level' } & LogLevelOrder)
  /** Asks whether the worker lives. */
  | { readonly type: 'ping' }
  | { readonly type: 'snapshot-wanted'; readonly id: number }
  /** The metrics of all workers, as asked for with `id`. */
  | { readonly type: 'collected'; readonly id: number; readonly metrics: MetricsSnapshot };

/**
 * Set by a supervisor that keeps a program's listening sockets over its restarts: `keep` before there are any, `take` when
 * those of the process before follow on the channel. A parent that does not ask must get none: it would hold them open.
 */
export const socketsVariable = 'FLOTILLA_SOCKETS';

/** What a supervisor may say. Sockets travel beside `socket`. */
export type SupervisorMessage =
  | { readonly type: 'reload' }
  /** A listening socket that the process before this one handed over. */
  | { readonly type: 'socket'; readonly key: string }
  /** There are no more of them. */
  | { readonly type: 'sockets-complete' };

/**
 * Reads a message from the other side. Both sides are ours, but may be of two releases after a reload: what is not
 * known by its type is not for us.
 */
export function readMessage<Message extends { readonly type: string }>(value: unknown): Message | undefined {
  if (typeof value !== 'object' || value === null || !('type' in value) || typeof value.type !== 'string')
    return undefined;
  // Written by the other half of this folder; receivers switch on the type and ignore what they don't know.
  return value as Message;
}
