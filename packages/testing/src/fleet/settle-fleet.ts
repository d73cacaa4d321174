import type { PlacedSpec } from '@flotilla/fleet/plan';
import { type Announced, announce, countServed, countUpstreams, type KnownUpstreams } from './ask-fleet.ts';
import type { FleetProcesses } from './fleet-processes.ts';

/** What {@link settleFleet} waits for. */
export interface SettleOptions {
  readonly processes: FleetProcesses;
  /** Services that the test plays, to be announced. */
  readonly fakes: Readonly<Record<string, Announced>>;
  /** The programs and played services to wait for. Default all: how others are is then a matter of the test. */
  readonly names?: readonly string[];
  /** The services of instances that the gateway may find unwell because of a fault, once for each. Default none. */
  readonly unwell?: readonly string[];
  readonly limitMs: number;
}

const pollMs = 10;

/** Waits until callers can reach every program. Throws if a program ends instead, or if it takes too long. */
export async function settleFleet(options: SettleOptions): Promise<void> {
  const { processes, fakes } = options;
  const settling = new Settling(options);
  await settling.untilReady();
  const registry = processes.specs.find(({ program }) => program.role === 'registry');
  const registryUrl = registry === undefined ? undefined : processes.urlOf(registry.name);
  if (registryUrl === undefined) return;
  for (const [name, fake] of Object.entries(fakes)) await announce(registryUrl, name, fake);
  await settling.untilServed(registryUrl);
}

/** One wait, with one end. */
class Settling {
  readonly #options: SettleOptions;
  readonly #processes: FleetProcesses;
  readonly #endMs: number;

  constructor(options: SettleOptions) {
    this.#options = options;
    this.#processes = options.processes;
    this.#endMs = performance.now() + options.limitMs;
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

  async untilServed(registryUrl: string): Promise<void> {
    const expected = this.#expected();
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
        return new Set(
          [...expected.keys()].filter((each) => !this.#isKnown(each, expected.get(each) ?? 0, known?.get(each))),
        );
      });
    }
  }

  /** Services that no route of the gateway uses are none of its business. */
  #isKnown(service: string, count: number, known: KnownUpstreams | undefined): boolean {
    const unwell = this.#options.unwell?.filter((each) => each === service).length ?? 0;
    return known === undefined || (known.all >= count && known.available >= count - unwell);
  }

  /** How many instances of which services there should be, of those that are waited for. */
  #expected(): ReadonlyMap<string, number> {
    const { fakes, names } = this.#options;
    const expected = new Map<string, number>(Object.keys(fakes).map((name) => [name, 1]));
    const wanted = new Set(names ?? expected.keys());
    for (const { name, port, program } of this.#processes.specs) {
      const announced = program.registers !== 'nobody' && program.role === 'service' && port !== undefined;
      if (!announced || !this.#processes.isRunning(name)) continue;
      expected.set(program.name, (expected.get(program.name) ?? 0) + 1);
      if (names === undefined || names.includes(name)) wanted.add(program.name);
    }
    return new Map([...expected].filter(([name]) => wanted.has(name)));
  }

  async #poll(names: readonly string[], what: string, find: () => Promise<ReadonlySet<string>>): Promise<void> {
    if (names.length === 0) return;
    for (;;) {
      // Who is asked may just have been ended, which is told below.
      const missing = await find().catch(() => new Set(names));
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
    const said = missing.map(([name]) => `  Last output of ${name}:\n${this.#processes.output(name).tail}`).join('\n');
    throw new Error(`The fleet is not ready after ${this.#options.limitMs / 1_000} s: ${list}.\n${said}`);
  }
}

/** What is known of the end of a process, for a message. */
export function describeEnd(
  { name, how }: FleetProcesses['unexpected'][number],
  processes: Pick<FleetProcesses, 'output'>,
): string {
  return `${name} ended ${how}. Its last output:\n${processes.output(name).tail}`;
}
