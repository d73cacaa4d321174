import type { PlacedSpec } from '@flotilla/fleet/plan';
import { type Announced, announce, countServed, countUpstreams } from './ask-fleet.ts';
import type { FleetProcesses } from './fleet-processes.ts';

/** What {@link settleFleet} waits for. */
export interface SettleOptions {
  readonly processes: FleetProcesses;
  /** Services that the test plays, to be announced. */
  readonly fakes: Readonly<Record<string, Announced>>;
  readonly limitMs: number;
}

const pollMs = 10;

/** Resolves when every process that runs is ready and callers reach it; rejects when one ends instead, or none comes on. */
export async function settleFleet({ processes, fakes, limitMs }: SettleOptions): Promise<void> {
  const settling = new Settling(processes, limitMs);
  await settling.untilReady();
  const registry = processes.specs.find(({ program }) => program.role === 'registry');
  const registryUrl = registry === undefined ? undefined : processes.urlOf(registry.name);
  if (registryUrl === undefined) return;
  for (const [name, fake] of Object.entries(fakes)) await announce(registryUrl, name, fake);
  await settling.untilServed(registryUrl, Object.keys(fakes));
}

/** One wait, with one end. */
class Settling {
  readonly #processes: FleetProcesses;
  readonly #limitMs: number;
  readonly #endMs: number;

  constructor(processes: FleetProcesses, limitMs: number) {
    this.#processes = processes;
    this.#limitMs = limitMs;
    this.#endMs = performance.now() + limitMs;
  }

  async untilReady(): Promise<void> {
    const processes = this.#processes;
    const missing = (): readonly PlacedSpec[] => processes.specs.filter(({ name }) => !this.#isDone(name));
    const isReady = await processes.until(
      this.#endMs - performance.now(),
      () => processes.unexpected.length > 0 || missing().length === 0,
    );
    this.#throwIfEnded();
    if (!isReady) this.#throwLate(missing().map(({ name }) => [name, 'is not ready']));
  }

  /** `fakes`: names under which the test itself is announced. */
  async untilServed(registryUrl: string, fakes: readonly string[]): Promise<void> {
    const expected = new Map<string, number>(fakes.map((name) => [name, 1]));
    for (const { name, port, program } of this.#processes.specs) {
      const announced = program.registers !== 'nobody' && program.role === 'service' && port !== undefined;
      if (announced && this.#processes.isRunning(name))
        expected.set(program.name, (expected.get(program.name) ?? 0) + 1);
    }
    await this.#poll([...expected.keys()], 'is not registered', async () => {
      const missing = new Set<string>();
      for (const [name, count] of expected) if ((await countServed(registryUrl, name)) < count) missing.add(name);
      return missing;
    });
    for (const { name, program } of this.#processes.specs) {
      const url = this.#processes.urlOf(name);
      if (program.role !== 'gateway' || url === undefined) continue;
      await this.#poll([...expected.keys()], `is not known to ${name}`, async () => {
        const known = await countUpstreams(url);
        // Services that no route of the gateway uses are none of its business.
        return new Set(
          [...expected].filter(([each, count]) => (known?.get(each) ?? count) < count).map(([each]) => each),
        );
      });
    }
  }

  async #poll(names: readonly string[], what: string, find: () => Promise<ReadonlySet<string>>): Promise<void> {
    if (names.length === 0) return;
    for (;;) {
      const missing = await find();
      if (missing.size === 0) return;
      this.#throwIfEnded();
      if (performance.now() > this.#endMs) this.#throwLate([...missing].map((name) => [name, what]));
      await new Promise((resolve) => setTimeout(resolve, pollMs));
    }
  }

  /** It serves, or has been killed or stopped by the test. */
  #isDone(name: string): boolean {
    return this.#processes.urlOf(name) !== undefined || !this.#processes.isWanted(name);
  }

  #throwIfEnded(): void {
    const [first] = this.#processes.unexpected;
    if (first !== undefined) throw new Error(describeEnd(first, this.#processes));
  }

  #throwLate(missing: readonly (readonly [name: string, what: string])[]): never {
    const list = missing.map(([name, what]) => `${name} ${what}`).join(', ');
    const said = missing.map(([name]) => `  ${name} wrote last:\n${this.#processes.output(name).tail}`).join('\n');
    throw new Error(`The fleet cannot be used ${this.#limitMs / 1_000} s after its start: ${list}.\n${said}`);
  }
}

/** What is known of the end of a process, for a message. */
export function describeEnd(
  { name, how }: FleetProcesses['unexpected'][number],
  processes: Pick<FleetProcesses, 'output'>,
): string {
  return `${name} ended ${how}. It wrote last:\n${processes.output(name).tail}`;
}
