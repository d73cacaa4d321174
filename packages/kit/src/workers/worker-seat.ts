import type { Server } from 'node:net';
import type { LevelSwitch } from '../logger/index.ts';
import type { Metrics } from '../telemetry/metrics.ts';
import type { RenderedMetrics } from '../telemetry/render-metrics.ts';
import type { LogLevelOrder, WorkerFacts } from './messages.ts';

/** Where to listen. */
export interface ListenAddress {
  /** Tells servers apart that take any free port. */
  readonly name?: string;
  readonly host?: string;
  readonly port: number;
}

/** Makes a server listen; rejects with the system's error (`EADDRINUSE` …). */
export type Listen = (server: Server, where: ListenAddress) => Promise<{ address: string; port: number }>;

/** By what a supervisor or a primary knows the socket of an address. */
export function socketKey({ name, host = '', port }: ListenAddress): string {
  // Of several servers that take any port, each has its own.
  return port === 0 && name !== undefined ? `${host}:0/${name}` : `${host}:${port}`;
}

/** How a worker is to make room for its successor. */
export interface RetireOrder {
  /** Whether the registry is told: not when the successor goes by the same name. */
  readonly deregister: boolean;
  /** How long requests under way may take. */
  readonly limitMs: number;
}

/** How a worker goes on whose primary has died. */
export interface Outliving {
  /** Somebody else listens now: finish what was begun, without telling the registry. */
  readonly takenOver: () => void;
  /** Nobody has come, or can come: stop as if told to. */
  readonly abandoned: () => void;
}

/** A process's place among the workers of its program. A program that is one process has the {@link loneSeat}. */
export interface WorkerSeat {
  /** The worker's number, for log lines; undefined in a program that is one process. */
  readonly worker: number | undefined;
  /** Names the instance where nothing else does, the same in all workers; undefined: make one up. */
  readonly instanceSeed: string | undefined;
  /** How many processes serve together when the config allows `maxWorkers`. */
  workersOf(maxWorkers: number): number;
  /** How long to wait at most for the own readiness before connections are accepted. */
  readonly acceptAfterMs: number;
  /** To be called once, when the config is known to be good. */
  configured(facts: WorkerFacts): void;
  /** Listens on a socket that all workers share and that outlives each of them. */
  readonly listen: Listen;
  /** To be called once, when the program accepts connections. */
  listening(): void;
  /** The keys of the sockets that a supervisor keeps for this program; undefined: none does, or not for this process. */
  readonly sockets?: () => readonly string[];
  /** Shows what all workers have counted together. Never rejects. */
  renderMetrics(metrics: Metrics, accept?: string): RenderedMetrics | Promise<RenderedMetrics>;
  /** Lets the log level of this process follow that of the program. */
  followLogLevel(levels: LevelSwitch): void;
  /** Changes the log level in all processes of the program, this one included, at once. */
  changeLogLevel(levels: LevelSwitch, order: LogLevelOrder): void;
  /** Lets others count this worker's `metrics` in. */
  share(metrics: Metrics): void;
  /** Calls `run` once, when it is this process that announces the instance. */
  onLead(run: () => void): void;
  /** Calls `run` once, when successors have taken over. */
  onRetire(run: (order: RetireOrder) => void): void;
  /** Whoever started this process is gone: goes on serving until another takes over, if it can. True if it does. */
  outlive(outliving: Outliving): Promise<boolean>;
  /** Hands over what was counted, before the process ends. */
  leave(): Promise<void>;
}
