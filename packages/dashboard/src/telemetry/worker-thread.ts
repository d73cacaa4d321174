import { Worker } from 'node:worker_threads';
import { AppError, type Clock, type Timer } from '@flotilla/contracts';
import { fromSent } from './sent-errors.ts';
import type { ThreadReply } from './thread-calls.ts';

/** Begin anew after so long: a thread that cannot run would otherwise use up a core. */
const restartMs = 1_000;
/** What may wait for a thread. */
const maxWaiting = 256;

interface Waiting {
  resolve(value: unknown): void;
  reject(error: Error): void;
}

/** A thread that carries out calls one after another. If it breaks, what it was asked fails, and it begins anew. */
export class WorkerThread {
  readonly #file: URL;
  readonly #data: unknown;
  readonly #clock: Clock;
  readonly #waiting = new Map<number, Waiting>();
  #worker: Worker | undefined;
  #restarting: Timer | undefined;
  #nextId = 1;
  #isClosed = false;

  /** @param data what the thread gets to know at its beginning */
  constructor(file: URL, data: unknown, clock: Clock) {
    this.#file = file;
    this.#data = data;
    this.#clock = clock;
  }

  /** @param transfer what belongs to the thread from now on */
  call(name: string, args: readonly unknown[], transfer: readonly ArrayBuffer[] = []): Promise<unknown> {
    if (this.#isClosed || this.#restarting !== undefined || this.#waiting.size >= maxWaiting)
      return Promise.reject(new AppError('OVERLOADED', { retryAfterMs: restartMs }));
    this.#worker ??= this.#start();
    const id = this.#nextId;
    this.#nextId += 1;
    const { promise, resolve, reject } = Promise.withResolvers<unknown>();
    this.#waiting.set(id, { resolve, reject });
    this.#worker.postMessage({ id, name, args }, transfer);
    return promise;
  }

  /** Lets it finish what it was asked. */
  async close(): Promise<void> {
    if (this.#isClosed) return;
    const last = this.#worker === undefined ? undefined : this.call('close', []);
    this.#isClosed = true;
    this.#restarting?.cancel();
    await last?.catch(() => undefined);
    await this.#worker?.terminate();
  }

  #start(): Worker {
    const worker = new Worker(this.#file, {
      workerData: this.#data,
      execArgv: [],
      // Enough for the largest message, which is a hundred times as large when it is read.
      resourceLimits: { maxOldGenerationSizeMb: 1_024, maxYoungGenerationSizeMb: 16 },
    });
    let reason = new Error('The thread has ended');
    worker.on('message', (reply: ThreadReply) => {
      const waiting = this.#waiting.get(reply.id);
      this.#waiting.delete(reply.id);
      if (reply.kind === 'done') waiting?.resolve(reply.value);
      else waiting?.reject(fromSent(reply.error));
    });
    worker.on('error', (error) => (reason = error instanceof Error ? error : reason));
    worker.once('exit', () => {
      this.#worker = undefined;
      const error = new AppError('STORAGE_UNAVAILABLE', { retryAfterMs: restartMs, cause: reason });
      for (const { reject } of this.#waiting.values()) reject(error);
      this.#waiting.clear();
      if (!this.#isClosed) this.#restarting = this.#clock.after(restartMs, () => (this.#restarting = undefined));
    });
    return worker;
  }
}
