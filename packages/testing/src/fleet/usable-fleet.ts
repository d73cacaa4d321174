import type { FaultProxy } from '../faults/fault-proxy.ts';
import { type Announced, announce } from './ask-fleet.ts';
import type { FleetProcesses } from './fleet-processes.ts';
import { describeEnd, settleFleet } from './settle-fleet.ts';
import type { TestFleet } from './test-fleet.ts';

/** What a {@link UsableFleet} is made of. */
export interface UsableFleetParts {
  readonly processes: FleetProcesses;
  /** By the names of processes. */
  readonly proxies: ReadonlyMap<string, FaultProxy>;
  readonly fakes: Readonly<Record<string, Announced>>;
  readonly folder: string;
  readonly limitMs: number;
  readonly cleanup: AsyncDisposableStack;
}

/** A fleet that has been started. */
export class UsableFleet implements TestFleet {
  readonly #parts: UsableFleetParts;
  readonly #fakes: Record<string, Announced>;

  constructor(parts: UsableFleetParts) {
    this.#parts = parts;
    this.#fakes = { ...parts.fakes };
  }

  get folder(): string {
    return this.#parts.folder;
  }

  url(name: string): string {
    const url = this.#processes.urlOf(this.#known(name));
    if (url === '') throw new TypeError(`${name} has no port, so it has no URL.`);
    if (url !== undefined) return url;
    throw new Error(`${name} is not running. Its last output:\n${this.#processes.output(name).tail}`);
  }

  logs(name: string): string {
    return this.#processes.output(this.#known(name)).text;
  }

  async kill(name: string): Promise<void> {
    this.#processes.kill(this.#known(name));
    await this.#untilGone(name);
  }

  signal(name: string, signal: NodeJS.Signals): void {
    this.#processes.signal(this.#known(name), signal);
  }

  async stop(name: string): Promise<void> {
    this.#processes.stop(this.#known(name));
    await this.#untilGone(name);
  }

  async ended(name: string): Promise<void> {
    await this.#untilGone(this.#known(name));
    this.#processes.forgive(name);
  }

  async start(name: string): Promise<void> {
    this.#processes.forgive(this.#known(name));
    this.#processes.start(name);
    await this.#settle(name);
  }

  async restart(name: string): Promise<void> {
    if (this.#processes.isRunning(this.#known(name))) await this.stop(name);
    await this.start(name);
  }

  faults(name: string): FaultProxy {
    const proxy = this.#parts.proxies.get(this.#known(name));
    if (proxy !== undefined) return proxy;
    throw new TypeError(`${name} has no fault proxy. Start the fleet with faults: ['${name}'].`);
  }

  async announce(name: string, where: Announced): Promise<void> {
    const registry = this.#processes.specs.find(({ program }) => program.role === 'registry');
    if (registry === undefined) throw new TypeError(`Cannot announce ${name}: this fleet has no registry.`);
    await announce(this.url(registry.name), name, where);
    this.#fakes[name] = where;
    await this.#settle(name);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const { unexpected } = this.#processes;
    await this.#parts.cleanup.disposeAsync();
    if (unexpected.length === 0) return;
    const ends = unexpected.map((end) => describeEnd(end, this.#processes)).join('\n');
    const message = `A program ended during the test.\n${ends}`;
    // If the test has failed as well, runners show neither of the two errors.
    process.stderr.write(`${message}\n`);
    throw new Error(message);
  }

  get #processes(): FleetProcesses {
    return this.#parts.processes;
  }

  #settle(name: string): Promise<void> {
    const { limitMs, proxies } = this.#parts;
    const faulty = [...proxies].filter(([, { isFaulty }]) => isFaulty).map(([process]) => process);
    const unwell = this.#processes.specs
      .filter((spec) => faulty.includes(spec.name))
      .map(({ program }) => program.name);
    return settleFleet({ processes: this.#processes, fakes: this.#fakes, names: [name], unwell, limitMs });
  }

  async #untilGone(name: string): Promise<void> {
    const { limitMs } = this.#parts;
    if (await this.#processes.until(limitMs, () => !this.#processes.isRunning(name))) return;
    throw new Error(
      `${name} is still running after ${limitMs / 1_000} s. Its last output:\n${this.#processes.output(name).tail}`,
    );
  }

  #known(name: string): string {
    const names = this.#processes.specs.map((spec) => spec.name);
    if (names.includes(name)) return name;
    throw new TypeError(`Unknown program "${name}". Choose one of: ${names.join(', ')}.`);
  }
}
