import type { SocketHandle, WorkerProcess } from './worker-process.ts';

interface Binding {
  /** The worker that is binding the socket. */
  binder: WorkerProcess;
  /** Workers that asked meanwhile. */
  readonly waiting: WorkerProcess[];
}

/**
 * Keeps the listening sockets of a program. The first worker that wants an address binds it and hands over a handle;
 * every later one gets that. So a socket, and the connections in its queue, outlive each worker, and the primary itself
 * never accepts a connection or reads an address.
 */
export class SocketCustody {
  readonly #held = new Map<string, SocketHandle>();
  readonly #binding = new Map<string, Binding>();
  readonly #users = new Map<string, Set<number>>();

  /** The addresses whose sockets are kept. */
  get keys(): readonly string[] {
    return [...this.#held.keys()];
  }

  /** A worker asks for the socket of an address. */
  ask(key: string, worker: WorkerProcess): void {
    const users = this.#users.get(key) ?? new Set();
    this.#users.set(key, users.add(worker.number));
    const held = this.#held.get(key);
    const binding = this.#binding.get(key);
    if (held !== undefined) worker.send({ type: 'socket', key }, held);
    else if (binding !== undefined) binding.waiting.push(worker);
    else {
      this.#binding.set(key, { binder: worker, waiting: [] });
      worker.send({ type: 'socket', key });
    }
  }

  /** A worker bound the socket. */
  keep(key: string, socket: SocketHandle): void {
    this.#held.get(key)?.close();
    this.#held.set(key, socket);
    const waiting = this.#binding.get(key)?.waiting ?? [];
    this.#binding.delete(key);
    for (const worker of waiting) worker.send({ type: 'socket', key }, socket);
  }

  /** A worker could not bind: the next one that waits tries. */
  giveUp(key: string, worker: WorkerProcess): void {
    const binding = this.#binding.get(key);
    if (binding?.binder !== worker) return;
    const next = binding.waiting.shift();
    if (next === undefined) this.#binding.delete(key);
    else {
      binding.binder = next;
      next.send({ type: 'socket', key });
    }
  }

  /** A worker ended. Its sockets stay: another one will take its place. */
  forget(worker: WorkerProcess): void {
    for (const [key, binding] of [...this.#binding]) {
      const index = binding.waiting.indexOf(worker);
      if (index >= 0) binding.waiting.splice(index, 1);
      this.giveUp(key, worker);
    }
    for (const users of this.#users.values()) users.delete(worker.number);
  }

  /** Releases the sockets that none of these workers asked for: after a reload with another port. */
  keepOnlyFor(workers: ReadonlySet<number>): void {
    for (const key of this.keys) {
      const users = this.#users.get(key) ?? new Set();
      if (workers.isDisjointFrom(users) && !this.#binding.has(key)) this.#close(key);
    }
  }

  /** Releases all: once the workers stop accepting, new connections are refused instead of waiting in vain. */
  close(): void {
    for (const key of [...this.#held.keys()]) this.#close(key);
  }

  #close(key: string): void {
    this.#held.get(key)?.close();
    this.#held.delete(key);
    this.#users.delete(key);
  }
}
