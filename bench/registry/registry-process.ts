import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { cpuTime, memory } from '../gateway/measure/process-figures.ts';

/** Where a registry under measurement listens, and what it keeps its data in. */
export interface RegistryPlace {
  readonly port: number;
  /** The database's file. */
  readonly file: string;
}

/** The registry as a process of its own, as people run it. */
export class RegistryProcess {
  readonly #place: RegistryPlace;
  readonly #settings: Readonly<Record<string, string>>;
  #child: ChildProcess | undefined;

  constructor(place: RegistryPlace, settings: Readonly<Record<string, string>> = {}) {
    this.#place = place;
    this.#settings = settings;
  }

  get url(): string {
    return `http://127.0.0.1:${this.#place.port}`;
  }

  /** Resident memory, in bytes. */
  get rssBytes(): number {
    return memory(this.#child?.pid ?? 0).rssBytes;
  }

  /** CPU time used so far, in milliseconds. */
  get cpuMs(): number {
    return cpuTime(this.#child?.pid ?? 0).totalNs / 1e6;
  }

  /** Starts it, and waits until it is ready. */
  async start(): Promise<void> {
    const main = new URL('../../apps/service-registry/src/main.ts', import.meta.url).pathname;
    this.#child = spawn(process.execPath, [main], {
      env: {
        ...process.env,
        SERVER_PORT: String(this.#place.port),
        DATABASE_URL: `sqlite:${this.#place.file}`,
        LOG_LEVEL: 'error',
        ...this.#settings,
      },
      stdio: ['ignore', 'ignore', 'inherit'],
    });
    for (let attempt = 0; attempt < 200; attempt += 1) {
      const ready = await fetch(`${this.url}/ready`).catch(() => undefined);
      if (ready?.ok === true) return;
      await sleep(50);
    }
    throw new Error(`The registry is not ready at ${this.url} within 10 s`);
  }

  /** Ends it as an operator does, or as a crash. */
  async stop(signal: 'SIGTERM' | 'SIGKILL' = 'SIGTERM'): Promise<void> {
    const child = this.#child;
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return;
    const ended = once(child, 'exit');
    child.kill(signal);
    await ended;
  }

  /** Registers an instance. */
  async register(name: string, port: number, more: Readonly<Record<string, unknown>> = {}): Promise<void> {
    const response = await fetch(`${this.url}/register`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ name, address: '10.0.0.1', port, lease_ms: 3_600_000, ...more }),
    });
    const body = await response.text();
    if (!response.ok) throw new Error(`A registration was refused: ${body}`);
  }
}
