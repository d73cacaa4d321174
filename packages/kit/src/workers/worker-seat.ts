import type { Server } from 'node:net';
import type { Level, LevelSwitch } from '../logger/index.ts';
import type { Metrics } from '../telemetry/metrics.ts';
import type { MetricsSnapshot } from '../telemetry/metrics-snapshot.ts';
import type { RenderedMetrics } from '../telemetry/render-metrics.ts';
import type { LogLevelOrder, WorkerFacts } from './messages.ts';

/** Where to listen. */
export interface ListenAddress {
  /** Tells apart servers that listen on any free port. */
  readonly name?: string;
  readonly host?: string;
  readonly port: number;
}

/** Makes a server listen; rejects with the system's error (`EADDRINUSE` …). */
export type Listen = (server: Server, where: ListenAddress) => Promise<{ address: string; port: number }>;

/** The key by which a supervisor or a primary knows the socket of an address. */
export function socketKey({ name, host = '', port }: ListenAddress): string {
  // Each of several servers on port 0 has a socket of its own.
  return port === 0 && name !== undefined ? `${host}:0/${name}` : `${host}:${port}`;
}

/** How a worker makes room for its successor. */
export interface RetireOrder {
  /** Whether to deregister: not if the successor uses the same name. */
  readonly deregister: boolean;
  /** How long requests in progress may take. */
  readonly limitMs: number;
}

/** What a worker does once its primary has died. */
export interface Outliving {
  /** Another process listens now: finish what has begun, without deregistering. */
  readonly takenOver: () => void;
  /** Nobody took over, or can take over: stop as if told to. */
  readonly abandoned: () => void;
}

/** The place of a process among the workers of its program. A single-process program has the {@link loneSeat}. */
export interface WorkerSeat {
  /** The worker's number, for log lines; undefined in a single-process program. */
  readonly worker: number | undefined;
  /** Names the instance if nothing else does, the same in all workers; undefined: choose a random one. */
  readonly instanceSeed: string | undefined;
  /** How many processes serve together if the config allows `maxWorkers`. */
  workersOf(maxWorkers: number): number;
  /** How long to wait at most to be ready before connections are accepted. */
  readonly acceptAfterMs: number;
  /** Must be called once, when the config is known to be valid. */
  configured(facts: WorkerFacts): void;
  /** Listens on a socket that all workers share, and that outlives each of them. */
  readonly listen: Listen;
  /** Must be called once, when the program accepts connections. */
  listening(): void;
  /** The keys of the sockets that a supervisor keeps for this program; undefined: there is none, or not for this process. */
  readonly sockets?: () => readonly string[];
  /** Renders the metrics of all workers together. Never rejects. */
  renderMetrics(metrics: Metrics, accept?: string): RenderedMetrics | Promise<RenderedMetrics>;
  /** The metrics of all workers together, as data. Never rejects. */
  collectMetrics(metrics: Metrics): MetricsSnapshot | Promise<MetricsSnapshot>;
  /** `state` says how this process is, for whoever gathers: something that JSON can carry. */
  describe(state: () => unknown): void;
  /**
   * How all workers of the program are, as each says of itself. Never rejects.
   *
   * @param own what this process says, if it is alone
   */
  gather(own: () => unknown): Promise<readonly unknown[]>;
  /** Makes the log level of this process follow that of the program. */
  followLogLevel(levels: LevelSwitch): void;
  /** Changes the log level in all processes of the program at once, including this one. */
  changeLogLevel(levels: LevelSwitch, order: LogLevelOrder): void;
  /** The configured log level is another one from now on; this process tells its primary, which has a log of its own. */
  configureLogLevel(levels: LevelSwitch, level: Level): void;
  /** Adds this worker's `metrics` to those of the program. */
  share(metrics: Metrics): void;
  /** Calls each `run` once, when this process becomes the one that announces the instance. */
  onLead(run: () => void): void;
  /** Calls `run` once, when successors have taken over. */
  onRetire(run: (order: RetireOrder) => void): void;
  /** The parent of this process is gone: keeps serving until another process takes over, if it can. True if it does. */
  outlive(outliving: Outliving): Promise<boolean>;
  /** Hands over the metrics before the process ends. */
  leave(): Promise<void>;
}
