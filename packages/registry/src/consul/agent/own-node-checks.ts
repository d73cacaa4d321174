import type { CheckStatus, Clock, Timer } from '@flotilla/contracts';
import type { Nodes } from '../../operations/nodes.ts';
import type { NodeCheck, NodeValue } from '../../record/node.ts';
import type { Actor } from '../../write/actor.ts';
import type { WantedCheck } from '../../write/check-changes.ts';
import { Refusal } from '../base/refusal.ts';
import { nodeMaintenance } from '../shapes/check-shape.ts';

/** What {@link OwnNodeChecks} work with. */
export interface OwnNodeChecksOptions {
  /** The name of our own node. */
  readonly node: string;
  readonly nodes: Pick<Nodes, 'get' | 'change'>;
  readonly clock: Clock;
  readonly onError: (error: unknown) => void;
}

/** The most checks of a node. */
const maxNodeChecks = 64;

/** The checks of our own node that belong to no service. Those that have to be reported again and again lapse by themselves. */
export class OwnNodeChecks {
  readonly #options: OwnNodeChecksOptions;
  readonly #timers = new Map<string, Timer>();

  constructor(options: OwnNodeChecksOptions) {
    this.#options = options;
    // After a restart each has a whole time to live, as leases have.
    for (const check of this.#checks) this.#arm(check);
  }

  /** Adds or changes a check, which keeps what it says. @throws {Refusal} 400 if it would have to be made here */
  async put(wanted: WantedCheck, actor: Actor): Promise<void> {
    const { check, definition, title = check, notes = '', status } = wanted;
    if (definition !== undefined && definition.type !== 'ttl')
      throw new Refusal(
        400,
        `Invalid check: a ${definition.type} check of the node is not supported by this registry. Name the service that it is about in ServiceID, or use TTL`,
      );
    await this.#change(
      check,
      (present) => ({
        ...{ check, title, notes, status: present?.status ?? status, output: present?.output ?? '', type: 'ttl' },
        ...(definition === undefined ? {} : { ttlMs: definition.ttl_ms }),
      }),
      actor,
    );
    this.#armById(check);
  }

  /** Returns false if there is no such check. */
  async report(check: string, status: CheckStatus, output: string, actor: Actor): Promise<boolean> {
    const present = this.#checks.find((one) => one.check === check && one.check !== nodeMaintenance);
    if (present === undefined) return false;
    await this.#change(check, (one) => one && { ...one, status, output: output.slice(0, 4_096) }, actor);
    this.#armById(check);
    return true;
  }

  async remove(check: string, actor: Actor): Promise<void> {
    this.#timers.get(check)?.cancel();
    this.#timers.delete(check);
    await this.#change(check, () => undefined, actor);
  }

  /** Begins or ends the maintenance of the node. */
  maintain(isOn: boolean, reason: string | undefined, actor: Actor): Promise<void> {
    const notes =
      reason ?? 'Maintenance mode is enabled for this node, but no reason was provided. This is a default message.';
    const check: NodeCheck = {
      ...{ check: nodeMaintenance, title: 'Node Maintenance Mode', notes: notes.slice(0, 1_024) },
      ...{ status: 'critical', output: '', type: 'maintenance' },
    };
    return this.#change(nodeMaintenance, () => (isOn ? check : undefined), actor);
  }

  /** Stops the timers. */
  close(): void {
    for (const timer of this.#timers.values()) timer.cancel();
    this.#timers.clear();
  }

  get #checks(): readonly NodeCheck[] {
    const { nodes, node } = this.#options;
    return nodes.get(node)?.value.checks ?? [];
  }

  #change(check: string, make: (present: NodeCheck | undefined) => NodeCheck | undefined, actor: Actor): Promise<void> {
    const { nodes, node } = this.#options;
    const change = (present: NodeValue | undefined): NodeValue | undefined => {
      const before = present?.checks ?? [];
      const made = make(before.find((one) => one.check === check));
      const others = before.filter((one) => one.check !== check);
      if (made !== undefined && others.length >= maxNodeChecks)
        throw new Refusal(400, `The node has ${maxNodeChecks} checks, which is the maximum`);
      const checks = made === undefined ? others : [...others, made].sort((a, b) => (a.check < b.check ? -1 : 1));
      if (present === undefined) return checks.length === 0 ? undefined : { node, address: '', extra: {}, checks };
      return { ...present, checks };
    };
    return nodes.change(node, change, actor);
  }

  #armById(check: string): void {
    const present = this.#checks.find((one) => one.check === check);
    if (present !== undefined) this.#arm(present);
  }

  #arm({ check, ttlMs }: NodeCheck): void {
    this.#timers.get(check)?.cancel();
    if (ttlMs === undefined) return;
    const lapse = (): void => {
      const output = 'TTL expired';
      this.#change(check, (one) => one && { ...one, status: 'critical', output }, { via: 'registry' }).catch(
        this.#options.onError,
      );
    };
    this.#timers.set(check, this.#options.clock.after(ttlMs, lapse));
  }
}
