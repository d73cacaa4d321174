import type { InstanceStatus } from '@flotilla/contracts';
import type { CheckValue } from '../record/check.ts';
import { instanceKey } from '../record/instance.ts';
import type { MaintenanceValue } from '../record/maintenance.ts';
import { worstOf } from './instance-status.ts';

/** A check in memory: its record, and what changes without a write. */
export interface CheckEntry {
  value: CheckValue;
  /** The revision that made the record. */
  readonly createdRevision: number;
  /** The revision that changed the record last. */
  revision: number;
  /** What was found last; undefined: what the record says. */
  latestOutput: string | undefined;
}

const none: ReadonlyMap<string, CheckEntry> = new Map();

/** What the status of instances is made of: what operators wish and what checks say, each by the instance it is about. */
export class StatusRecords {
  readonly #wishes = new Map<string, MaintenanceValue>();
  readonly #checks = new Map<string, Map<string, CheckEntry>>();

  /** What an operator wishes for an instance, also for one that has gone. */
  wish(name: string, id: string): MaintenanceValue | undefined {
    return this.#wishes.get(instanceKey(name, id));
  }

  /** Whether an operator wishes that an instance that is there gets no traffic. */
  isWished(name: string, id: string): boolean {
    const wish = this.wish(name, id);
    return wish !== undefined && wish.goneMs === undefined;
  }

  /** What checks say of an instance, all together. */
  checked(name: string, id: string): InstanceStatus {
    const checks = this.#checks.get(instanceKey(name, id));
    return checks === undefined ? 'passing' : worstOf(checks.values().map(({ value }) => value.status));
  }

  /** What one check says; `passing` if nothing. */
  checkedBy(check: string, name: string, id: string): InstanceStatus {
    return this.check(check, name, id)?.value.status ?? 'passing';
  }

  /** One check of an instance. */
  check(check: string, name: string, id: string): CheckEntry | undefined {
    return this.#checks.get(instanceKey(name, id))?.get(check);
  }

  /** The checks of an instance, by their ids. */
  checksOf(name: string, id: string): ReadonlyMap<string, CheckEntry> {
    return this.#checks.get(instanceKey(name, id)) ?? none;
  }

  /** Every check there is, in no order. */
  *allChecks(): Generator<CheckEntry, void, void> {
    for (const checks of this.#checks.values()) yield* checks.values();
  }

  putWish(wish: MaintenanceValue): void {
    this.#wishes.set(instanceKey(wish.name, wish.id), wish);
  }

  /** @param key that of the instance */
  removeWish(key: string): void {
    this.#wishes.delete(key);
  }

  /** @param createdRevision default: this one, if it is new */
  putCheck(value: CheckValue, revision: number, createdRevision: number = revision): CheckEntry {
    const key = instanceKey(value.name, value.id);
    const checks = this.#checks.get(key) ?? new Map<string, CheckEntry>();
    this.#checks.set(key, checks);
    const present = checks.get(value.check);
    if (present !== undefined) {
      Object.assign(present, { value, revision, latestOutput: undefined });
      return present;
    }
    const entry = { value, createdRevision, revision, latestOutput: undefined };
    checks.set(value.check, entry);
    return entry;
  }

  /** @param key that of the instance */
  removeCheck(key: string, check: string): void {
    const checks = this.#checks.get(key);
    if (checks?.delete(check) === true && checks.size === 0) this.#checks.delete(key);
  }

  clear(): void {
    this.#wishes.clear();
    this.#checks.clear();
  }
}
