import type { Server } from 'node:net';
import type { Clock } from '@flotilla/contracts';
import type { ProcessHost } from '../host/process-host.ts';
import type { Level, LevelSwitch } from '../logger/index.ts';
import type { Metrics } from '../telemetry/metrics.ts';
import type { MetricsSnapshot } from '../telemetry/metrics-snapshot.ts';
import type { RenderedMetrics } from '../telemetry/render-metrics.ts';
import { renderSnapshot } from '../telemetry/snapshot-families.ts';
import { bindOrTakeOver } from './bind-or-take-over.ts';
import { askForHandover, handoverFolder, offerHandover } from './handover.ts';
import { handleOf, startListening } from './lone-seat.ts';
import {
  type LogLevelOrder,
  outliveMs,
  type PrimaryMessage,
  readMessage,
  type WorkerFacts,
  type WorkerMessage,
} from './messages.ts';
import { workerCount } from './worker-count.ts';
import { type ListenAddress, type Outliving, type RetireOrder, socketKey, type WorkerSeat } from './worker-seat.ts';

/** The primary waits one second for its workers; a worker waits a little longer for the primary. */
const collectLimitMs = 1_500;

/** A worker's end of the channel to its primary. */
export class WorkerLink implements WorkerSeat {
  readonly worker: number;
  readonly instanceSeed: string;
  readonly #host: ProcessHost;
  readonly #clock: Clock;
  readonly #cores: number;
  readonly #turn: PromiseWithResolvers<void> = Promise.withResolvers<void>();
  /** The listening servers, by port. */
  readonly #servers = new Map<number, Server>();
  readonly #sockets = new Map<string, (handle: unknown) => void>();
  readonly #collections = new Map<number, (collected: MetricsSnapshot) => void>();
  readonly #gatherings = new Map<number, (states: readonly unknown[]) => void>();
  #describe: () => unknown = () => null;
  #acceptAfterMs = 0;
  #lastId = 0;
  #metrics: Metrics | undefined;
  #levels: LevelSwitch | undefined;
  /** A change that arrived before there was a log. */
  #levelOrder: LogLevelOrder | undefined;
  #led = false;
  readonly #leads: (() => void)[] = [];
  #retired: RetireOrder | undefined;
  #retire: ((order: RetireOrder) => void) | undefined;

  constructor(worker: number, instanceSeed: string, host: ProcessHost, clock: Clock, cores: number) {
    this.#cores = cores;
    this.worker = worker;
    this.instanceSeed = instanceSeed;
    this.#host = host;
    this.#clock = clock;
    host.on('message', (value, handle) => {
      const message = readMessage<PrimaryMessage>(value);
      if (message !== undefined) this.#onMessage(message, handle);
    });
    // The primary handles reloads; a closing terminal signals every process.
    host.on('SIGHUP', () => undefined);
  }

  /** Settles when it is this worker's turn to start. */
  get turn(): Promise<void> {
    return this.#turn.promise;
  }

  workersOf(maxWorkers: number): number {
    return workerCount(maxWorkers, this.#cores);
  }

  get acceptAfterMs(): number {
    return this.#acceptAfterMs;
  }

  configured(facts: WorkerFacts): void {
    this.#send({ type: 'configured', facts });
  }

  async listen(server: Server, where: ListenAddress): Promise<{ address: string; port: number }> {
    const key = socketKey(where);
    const { promise, resolve } = Promise.withResolvers<unknown>();
    this.#sockets.set(key, resolve);
    this.#send({ type: 'bind', key });
    const handle = await promise;
    if (handle !== undefined) {
      const bound = await startListening(server, { handle });
      this.#servers.set(bound.port, server);
      // The socket may belong to workers whose primary died and that have served it until now.
      await askForHandover(handoverFolder(), 'release', bound.port);
      return bound;
    }
    try {
      const bound = await bindOrTakeOver(server, where, handoverFolder());
      this.#servers.set(bound.port, server);
      this.#host.send?.({ type: 'bound', key } satisfies WorkerMessage, handleOf(server));
      return bound;
    } catch (error) {
      this.#send({ type: 'bind-failed', key });
      throw error;
    }
  }

  listening(): void {
    this.#send({ type: 'listening' });
  }

  async renderMetrics(metrics: Metrics, accept?: string): Promise<RenderedMetrics> {
    const collected = await this.#collected();
    return collected === undefined ? metrics.render(accept) : renderSnapshot(collected, accept);
  }

  async collectMetrics(metrics: Metrics): Promise<MetricsSnapshot> {
    return (await this.#collected()) ?? metrics.snapshot();
  }

  describe(state: () => unknown): void {
    this.#describe = state;
  }

  async gather(own: () => unknown): Promise<readonly unknown[]> {
    if (this.#host.connected !== true) return [own()];
    this.#lastId += 1;
    const id = this.#lastId;
    const { promise, resolve } = Promise.withResolvers<readonly unknown[]>();
    this.#gatherings.set(id, resolve);
    const limit = this.#clock.after(collectLimitMs, () => resolve([own()]));
    this.#send({ type: 'gather', id });
    const states = await promise;
    limit.cancel();
    this.#gatherings.delete(id);
    return states;
  }

  followLogLevel(levels: LevelSwitch): void {
    this.#levels = levels;
    if (this.#levelOrder !== undefined) levels.change(this.#levelOrder.level, this.#levelOrder.forMs);
  }

  changeLogLevel(levels: LevelSwitch, { level, forMs }: LogLevelOrder): void {
    levels.change(level, forMs);
    this.#send({ type: 'log-level', level, forMs });
  }

  configureLogLevel(levels: LevelSwitch, level: Level): void {
    levels.configure(level);
    this.#send({ type: 'configured-log-level', level });
  }

  share(metrics: Metrics): void {
    this.#metrics = metrics;
  }

  onLead(run: () => void): void {
    this.#leads.push(run);
    if (this.#led) run();
  }

  onRetire(run: (order: RetireOrder) => void): void {
    this.#retire = run;
    if (this.#retired !== undefined) run(this.#retired);
  }

  async outlive({ takenOver, abandoned }: Outliving): Promise<boolean> {
    const end =
      this.#servers.size === 0
        ? undefined
        : await offerHandover(handoverFolder(), this.#host.pid, this.#servers, () => {
            limit.cancel();
            takenOver();
          });
    const limit = this.#clock.after(end === undefined ? 0 : outliveMs, () => {
      end?.();
      abandoned();
    });
    return end !== undefined;
  }

  leave(): Promise<void> {
    const metrics = this.#metrics;
    if (metrics === undefined || this.#host.connected !== true) return Promise.resolve();
    this.#send({ type: 'snapshot', id: undefined, metrics: metrics.snapshot() });
    return Promise.resolve();
  }

  /** The metrics of all workers; undefined if the primary does not answer. */
  async #collected(): Promise<MetricsSnapshot | undefined> {
    if (this.#host.connected !== true) return undefined;
    this.#lastId += 1;
    const id = this.#lastId;
    const { promise, resolve } = Promise.withResolvers<MetricsSnapshot | undefined>();
    this.#collections.set(id, resolve);
    const limit = this.#clock.after(collectLimitMs, () => resolve(undefined));
    this.#send({ type: 'collect', id });
    const collected = await promise;
    limit.cancel();
    this.#collections.delete(id);
    return collected;
  }

  #send(message: WorkerMessage): void {
    if (this.#host.connected === true) this.#host.send?.(message);
  }

  #onMessage(message: PrimaryMessage, handle: unknown): void {
    switch (message.type) {
      case 'turn':
        this.#acceptAfterMs = message.acceptAfterMs;
        return this.#turn.resolve();
      case 'socket':
        this.#sockets.get(message.key)?.(handle);
        this.#sockets.delete(message.key);
        return;
      case 'lead':
        if (this.#led) return;
        this.#led = true;
        for (const run of this.#leads) run();
        return;
      case 'retire':
        this.#retired ??= message;
        this.#retire?.(message);
        return;
      case 'log-level':
        this.#levelOrder = message;
        return this.#levels?.change(message.level, message.forMs);
      case 'ping':
        return this.#send({ type: 'pong' });
      case 'snapshot-wanted':
        this.#send({ type: 'snapshot', id: message.id, metrics: this.#metrics?.snapshot() ?? [] });
        return;
      case 'collected':
        this.#collections.get(message.id)?.(message.metrics);
        return;
      case 'state-wanted':
        return this.#send({ type: 'state', id: message.id, state: this.#describe() ?? null });
      case 'gathered':
        this.#gatherings.get(message.id)?.(message.states);
        return;
      default:
        // A later release may send more.
        message satisfies never;
    }
  }
}
