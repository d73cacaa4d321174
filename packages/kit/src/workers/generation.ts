import type { Clock } from '@flotilla/contracts';
import type { WorkerFacts, WorkerMessage } from './messages.ts';
import { type RespawnPolicy, respawnDelayMs } from './respawn-policy.ts';
import { workerCount } from './worker-count.ts';
import type { WorkerEnd, WorkerListener, WorkerProcess } from './worker-process.ts';

/** The identity of the program's instance. */
export interface InstanceIdentity {
  readonly url: string;
  readonly instance: string;
  readonly live: string;
}

/** An event in the life of a generation. */
export type GenerationEvent =
  | { readonly kind: 'configured'; readonly facts: WorkerFacts }
  /** A worker serves. */
  | { readonly kind: 'worker-ready'; readonly worker: WorkerProcess; readonly identity: InstanceIdentity }
  /** All workers serve, for the first time. */
  | { readonly kind: 'ready'; readonly identity: InstanceIdentity }
  /** It will not serve: its first worker (or any, if the generation is cautious) ended before all were ready. */
  | { readonly kind: 'failed'; readonly end: WorkerEnd }
  | {
      readonly kind: 'worker-lost';
      readonly worker: WorkerProcess;
      readonly end: WorkerEnd;
      readonly replacedInMs: number;
    };

export interface GenerationOptions {
  /** Starts a worker; the primary sees its messages before the generation does. */
  readonly spawn: (listener: WorkerListener) => WorkerProcess;
  readonly cores: number;
  readonly clock: Clock;
  readonly policy: RespawnPolicy;
  /** Others still serve: its workers accept nothing before they are ready, and if one ends, all fail. */
  readonly cautious: boolean;
  /** An earlier primary left a socket in which connections wait, or workers that serve until these are ready. */
  readonly awaited: boolean;
  readonly tell: (event: GenerationEvent) => void;
}

interface Slot {
  worker: WorkerProcess | undefined;
  listening: boolean;
  /** Since when its worker is ready. */
  readySinceMs: number | undefined;
  /** Deaths in a row. */
  deaths: number;
}

/** A worker that takes a place lets connections wait this long until it is ready, then answers as well as it can. */
const replacementAcceptMs = 5_000;

/**
 * The workers that were started with one state of the program's files and its configuration. The first one reads the
 * config ahead of the others, so that its mistakes are reported once; when it listens, the others follow.
 */
export class Generation {
  readonly #options: GenerationOptions;
  readonly #slots: Slot[] = [];
  #following = false;
  #wasReady = false;
  #over = false;
  #facts: WorkerFacts | undefined;

  constructor(options: GenerationOptions) {
    this.#options = options;
  }

  /** Facts from its config; undefined until its first worker has read it. */
  get facts(): WorkerFacts | undefined {
    return this.#facts;
  }

  /** The running workers. */
  get workers(): readonly WorkerProcess[] {
    return this.#slots.flatMap(({ worker }) => worker ?? []);
  }

  /** The workers that accept connections. */
  get listening(): readonly WorkerProcess[] {
    return this.#slots.flatMap(({ worker, listening }) => (worker !== undefined && listening ? worker : []));
  }

  get readyWorkers(): readonly WorkerProcess[] {
    return this.#slots.flatMap(({ worker, readySinceMs }) =>
      worker !== undefined && readySinceMs !== undefined ? worker : [],
    );
  }

  start(): void {
    this.#addSlot();
  }

  /** Stops replacing workers. */
  end(): void {
    this.#over = true;
  }

  #addSlot(): void {
    const slot: Slot = { worker: undefined, listening: false, readySinceMs: undefined, deaths: 0 };
    this.#slots.push(slot);
    this.#fill(slot);
  }

  #fill(slot: Slot): void {
    if (this.#over) return;
    const worker: WorkerProcess = this.#options.spawn({
      message: (message) => this.#onMessage(slot, worker, message),
      ended: (end) => this.#onEnd(slot, worker, end),
    });
    slot.worker = worker;
    slot.listening = false;
    slot.readySinceMs = undefined;
    if (slot === this.#slots[0] || this.#following) this.#giveTurn(worker);
  }

  #giveTurn(worker: WorkerProcess): void {
    const replacement = this.#wasReady || this.#options.awaited ? replacementAcceptMs : 0;
    const acceptAfterMs = this.#options.cautious && !this.#wasReady ? Number.POSITIVE_INFINITY : replacement;
    worker.send({ type: 'turn', acceptAfterMs });
  }

  #onMessage(slot: Slot, worker: WorkerProcess, message: WorkerMessage): void {
    if (message.type === 'configured') this.#onConfigured(message.facts);
    else if (message.type === 'listening') this.#onListening(slot);
    else if (message.type === 'ready') {
      slot.readySinceMs = this.#options.clock.monotonicMs();
      this.#options.tell({ kind: 'worker-ready', worker, identity: message });
      if (this.#wasReady || this.#slots.some((each) => each.readySinceMs === undefined)) return;
      this.#wasReady = true;
      this.#options.tell({ kind: 'ready', identity: message });
    }
  }

  #onConfigured(facts: WorkerFacts): void {
    if (this.#facts !== undefined || this.#over) return;
    this.#facts = facts;
    this.#options.tell({ kind: 'configured', facts });
    const wanted = workerCount(facts.maxWorkers, this.#options.cores);
    // Started at once, so that their code is loaded when their turn comes.
    while (this.#slots.length < wanted) this.#addSlot();
  }

  #onListening(slot: Slot): void {
    slot.listening = true;
    if (this.#following) return;
    this.#following = true;
    for (const each of this.#slots) {
      if (each !== slot && each.worker !== undefined) this.#giveTurn(each.worker);
    }
  }

  #onEnd(slot: Slot, worker: WorkerProcess, end: WorkerEnd): void {
    const { clock, policy, tell, cautious } = this.#options;
    const wasHealthy =
      slot.readySinceMs !== undefined && clock.monotonicMs() - slot.readySinceMs >= policy.healthyAfterMs;
    slot.worker = undefined;
    slot.listening = false;
    slot.readySinceMs = undefined;
    if (this.#over) return;
    if (!this.#following || (cautious && !this.#wasReady)) {
      this.#over = true;
      tell({ kind: 'failed', end });
      return;
    }
    if (wasHealthy) slot.deaths = 0;
    const delayMs = respawnDelayMs(slot.deaths, policy);
    slot.deaths += 1;
    tell({ kind: 'worker-lost', worker, end, replacedInMs: delayMs });
    clock.after(delayMs, () => this.#fill(slot));
  }
}

/** Describes how a worker that should have served ended. */
export function howItEnded({ code, signal }: WorkerEnd): string {
  return signal === null ? `a new worker exited with code ${code}` : `a new worker was ended by ${signal}`;
}
