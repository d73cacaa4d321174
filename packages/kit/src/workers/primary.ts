import type { Clock } from '@flotilla/contracts';
import { exitCodes, type ProcessHost } from '../host/process-host.ts';
import type { Logger } from '../logger/index.ts';
import { exitWhenWritten } from '../output/index.ts';
import { Generation, type GenerationEvent, howItEnded, type InstanceIdentity } from './generation.ts';
import { LogLevelRelay } from './log-level-relay.ts';
import { socketsVariable, type WorkerFacts, type WorkerMessage } from './messages.ts';
import { MetricsCollection } from './metrics-collection.ts';
import { ownMetrics, type PrimaryCounts } from './primary-metrics.ts';
import { defaultRespawnPolicy } from './respawn-policy.ts';
import { SocketCustody } from './socket-custody.ts';
import { StateCollection } from './state-collection.ts';
import type { SocketHandle, SpawnWorker, WorkerEnd, WorkerProcess } from './worker-process.ts';
import { WorkerWatches } from './worker-watches.ts';

export interface PrimaryOptions {
  readonly host: ProcessHost;
  readonly spawn: SpawnWorker;
  readonly clock: Clock;
  readonly cores: number;
  /** Whether workers of a primary that died still serve. Default false. */
  readonly takesOver?: boolean;
  /** Makes the logger once a worker has read the log settings. */
  readonly createLogger: (facts: WorkerFacts) => Logger;
}

/** Workers that a reload starts must be ready within this time; otherwise the old ones stay. */
const reloadLimitMs = 30_000;
/** What a worker may take beyond its drain: deregistering and closing have limits of their own. */
const endMarginMs = 15_000;

/** Starts workers, replaces those that die or are outdated, and stops them. Serves nothing itself. */
export class Primary {
  readonly #options: PrimaryOptions;
  readonly #custody = new SocketCustody();
  readonly #collection: MetricsCollection;
  readonly #states: StateCollection;
  /** All running workers, including those that retire. */
  readonly #alive = new Set<WorkerProcess>();
  readonly #watches: WorkerWatches;
  readonly #logLevel: LogLevelRelay;
  readonly #counts: PrimaryCounts = { deaths: 0, reloads: 0, failedReloads: 0 };
  #current: Generation;
  #next: Generation | undefined;
  #logger: Logger | undefined;
  #identity: InstanceIdentity | undefined;
  #leader: WorkerProcess | undefined;
  #lastNumber = 0;
  #reloadWanted = false;
  #stopping = false;
  #exitCode: number = exitCodes.stopped;

  constructor(options: PrimaryOptions) {
    this.#options = options;
    this.#collection = new MetricsCollection(options.clock);
    this.#states = new StateCollection(options.clock);
    this.#logLevel = new LogLevelRelay(options.clock);
    this.#watches = new WorkerWatches({
      clock: options.clock,
      env: options.host.env,
      onHung: (worker, silentMs) => this.#onHung(worker, silentMs),
    });
    this.#current = this.#generation(false);
  }

  start(): void {
    this.#current.start();
  }

  /**
   * Starts workers with the files as they are now, and retires the old ones once all new ones are ready. If it is called again
   * meanwhile, it runs once more afterwards.
   */
  reload(reason: string): void {
    if (this.#stopping || this.#identity === undefined) return;
    if (this.#next !== undefined) {
      this.#reloadWanted = true;
      return;
    }
    this.#logger?.info({ reason }, 'reloading');
    const next = this.#generation(true);
    this.#next = next;
    next.start();
    this.#options.clock.after(reloadLimitMs, () => {
      if (this.#next === next) this.#abandon(next, `its workers were not ready within ${reloadLimitMs} ms`);
    });
  }

  /** Lets all workers finish their work, then exits. */
  stop(reason: string): void {
    if (this.#stopping) return;
    this.#stopping = true;
    this.#logger?.info({ reason }, 'stopping');
    this.#endAll('SIGTERM');
    this.#options.clock.after(this.#current.facts?.stopLimitMs ?? endMarginMs, () => this.kill());
    this.#exitWhenEmpty();
  }

  /** Ends all workers at once. */
  kill(): void {
    this.#exitCode = exitCodes.crashed;
    this.#endAll('SIGKILL');
  }

  /** Takes a socket on which an earlier primary listened; connections may wait in its queue. */
  takeOver(key: string, socket: SocketHandle): void {
    if (this.#stopping) socket.close();
    else this.#custody.keep(key, socket);
  }

  /** Passes on a change of the log level. */
  toggleDebug(): void {
    for (const worker of this.#current.listening) worker.signal('SIGUSR2');
  }

  #endAll(signal: NodeJS.Signals): void {
    this.#current.end();
    this.#next?.end();
    this.#custody.close();
    for (const worker of this.#alive) worker.signal(signal);
  }

  #generation(cautious: boolean): Generation {
    const { clock, cores, host, takesOver = false } = this.#options;
    const generation = new Generation({
      cautious,
      awaited: !cautious && (host.env[socketsVariable] === 'take' || takesOver),
      clock,
      cores,
      policy: defaultRespawnPolicy,
      spawn: (listener) => {
        this.#lastNumber += 1;
        const worker: WorkerProcess = this.#options.spawn(this.#lastNumber, {
          message: (message, socket) => {
            this.#onMessage(worker, message, socket);
            listener.message(message, socket);
          },
          ended: (end) => {
            this.#onEnd(worker);
            listener.ended(end);
            this.#exitWhenEmpty();
          },
        });
        this.#alive.add(worker);
        this.#logLevel.tell(worker);
        return worker;
      },
      tell: (event) => this.#onEvent(generation, event),
    });
    return generation;
  }

  #onMessage(worker: WorkerProcess, message: WorkerMessage, socket: SocketHandle | undefined): void {
    if (message.type === 'bind') this.#custody.ask(message.key, worker);
    else if (message.type === 'bind-failed') this.#custody.giveUp(message.key, worker);
    else if (message.type === 'bound' && socket !== undefined) {
      if (this.#stopping) socket.close();
      else {
        this.#custody.keep(message.key, socket);
        // So that it also outlives the primary, if somebody starts a new one.
        if (this.#options.host.env[socketsVariable] !== undefined)
          this.#tellSupervisor({ type: 'socket', key: message.key }, socket);
      }
    } else if (message.type === 'registered') this.#tellSupervisor({ type: 'registered' });
    else if (message.type === 'log-level') this.#logLevel.pass(message, worker, this.#alive);
    else if (message.type === 'configured-log-level') this.#logLevel.configure(message.level);
    else if (message.type === 'pong') this.#watches.answered(worker);
    else if (message.type === 'snapshot') this.#collection.take(worker.number, message.id, message.metrics);
    else if (message.type === 'collect')
      void this.#collection.answer(worker, message.id, this.#alive, ownMetrics(this.#counts, this.#alive.size));
    else if (message.type === 'state') this.#states.take(worker.number, message.id, message.state);
    else if (message.type === 'gather') void this.#states.answer(worker, message.id, this.#alive);
  }

  #onEnd(worker: WorkerProcess): void {
    this.#alive.delete(worker);
    this.#custody.forget(worker);
    for (const answers of [this.#collection, this.#states]) answers.forget(worker.number);
    this.#watches.end(worker);
    if (this.#leader === worker) this.#leader = undefined;
  }

  #onEvent(generation: Generation, event: GenerationEvent): void {
    switch (event.kind) {
      case 'configured':
        this.#logger ??= this.#options.createLogger(event.facts);
        this.#logLevel.follow(this.#logger);
        this.#tellSupervisor({ type: 'configured', stopLimitMs: event.facts.stopLimitMs });
        return;
      case 'worker-ready':
        this.#watches.begin(event.worker, generation.facts?.hangLimitMs ?? 0);
        if (generation === this.#current) this.#appointLeader();
        return;
      case 'ready':
        return this.#onReady(generation, event.identity);
      case 'failed':
        return this.#onFailed(generation, event.end);
      case 'worker-lost':
        return this.#onLost(event);
      default:
        return event satisfies never;
    }
  }

  #onReady(generation: Generation, identity: InstanceIdentity): void {
    const workers = generation.workers.map(({ number, pid }) => ({ worker: number, pid }));
    if (generation !== this.#next) {
      this.#identity = identity;
      this.#logger?.info({ workers }, 'all workers are ready');
      this.#custody.keepOnlyFor(new Set(generation.workers.map((worker) => worker.number)));
      this.#tellReady(identity);
      return;
    }
    const before = this.#current;
    this.#current = generation;
    this.#next = undefined;
    this.#counts.reloads += 1;
    const renamed = this.#identity?.instance !== identity.instance || this.#identity.url !== identity.url;
    this.#identity = identity;
    this.#leader = undefined;
    this.#appointLeader();
    this.#retire(before, renamed);
    this.#custody.keepOnlyFor(new Set(generation.workers.map((worker) => worker.number)));
    this.#logger?.info({ workers }, 'reloaded');
    this.#tellReady(identity);
    this.#reloadAgain();
  }

  #onFailed(generation: Generation, end: WorkerEnd): void {
    if (generation === this.#next) return this.#abandon(generation, howItEnded(end));
    // The first start: our exit code tells our parent how the worker ended.
    this.#exitCode = end.code ?? exitCodes.crashed;
    this.#stopping = true;
    this.#endAll('SIGKILL');
  }

  /** A reload failed. The worker that found the mistake has reported it. */
  #abandon(generation: Generation, why: string): void {
    this.#next = undefined;
    this.#counts.failedReloads += 1;
    this.#logger?.error({ why }, 'reload failed; the old workers continue');
    this.#retire(generation, false);
    this.#reloadAgain();
  }

  #reloadAgain(): void {
    if (!this.#reloadWanted) return;
    this.#reloadWanted = false;
    this.reload('requested during a reload');
  }

  /** Lets a generation's workers finish what they began. Those that never served have nothing to finish. */
  #retire(generation: Generation, deregister: boolean): void {
    generation.end();
    const limitMs = generation.facts?.retireTimeoutMs ?? 0;
    const serving = new Set(generation.listening);
    for (const worker of generation.workers) {
      if (serving.has(worker)) worker.send({ type: 'retire', deregister, limitMs });
      else worker.signal('SIGKILL');
      this.#options.clock.after(limitMs + endMarginMs, () => {
        if (this.#alive.has(worker)) worker.signal('SIGKILL');
      });
    }
  }

  #onLost({ worker, end, replacedInMs }: Extract<GenerationEvent, { kind: 'worker-lost' }>): void {
    this.#counts.deaths += 1;
    this.#appointLeader();
    const fields = { worker: worker.number, pid: worker.pid, ...end, replacedInMs };
    this.#logger?.error(fields, 'a worker ended; replacing it');
  }

  #onHung(worker: WorkerProcess, silentMs: number): void {
    this.#logger?.error({ worker: worker.number, pid: worker.pid, silentMs }, 'a worker is unresponsive; ending it');
    worker.signal('SIGKILL');
  }

  #appointLeader(): void {
    if (this.#leader !== undefined) return;
    this.#leader = this.#current.readyWorkers[0];
    this.#leader?.send({ type: 'lead' });
  }

  /** Also after a reload: the program may now listen elsewhere. */
  #tellReady({ url, instance, live }: InstanceIdentity): void {
    this.#tellSupervisor({ type: 'ready', url, instance, live, sockets: this.#custody.keys, hasWorkers: true });
  }

  #tellSupervisor(message: object, socket?: SocketHandle): void {
    const { host } = this.#options;
    // A bare handle can be sent, but Node has no type for it.
    if (host.connected === true) host.send?.(message, socket as never);
  }

  #exitWhenEmpty(): void {
    if (!this.#stopping || this.#alive.size > 0) return;
    this.#logger?.info('stopped');
    exitWhenWritten(this.#options.host, this.#exitCode);
  }
}
