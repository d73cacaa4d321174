import type { InstanceStatus } from '@flotilla/contracts';
import type { CheckValue } from '../record/check.ts';
import { instanceKey } from '../record/instance.ts';
import type { MaintenanceValue } from '../record/maintenance.ts';
import { worstOf } from './instance-status.ts';

/** What the status of instances is made of: what operators wish and what checks say, each by the instance it is about. */
export class StatusRecords {
  readonly #wishes = new Map<string, MaintenanceValue>();
  readonly #checks = new Map<string, Map<string, InstanceStatus>>();

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
    return checks === undefined ? 'passing' : worstOf(checks.values());
  }

  /** What one check says; `passing` if nothing. */
  checkedBy(check: string, name: string, id: string): InstanceStatus {
    return this.#checks.get(instanceKey(name, id))?.get(check) ?? 'passing';
  }

  /** The checks that say something of an instance. */
  checksOf(name: string, id: string): Iterable<string> {
    return this.#checks.get(instanceKey(name, id))?.keys() ?? [];
  }

  putWish(wish: MaintenanceValue): void {
    this.#wishes.set(instanceKey(wish.name, wish.id), wish);
  }

  /** @param key that of the instance */
  removeWish(key: string): void {
    this.#wishes.delete(key);
  }

  putCheck({ name, id, check, status }: CheckValue): void {
    const key = instanceKey(name, id);
    const checks = this.#checks.get(key);
    if (checks === undefined) this.#checks.set(key, new Map([[check, status]]));
    else checks.set(check, status);
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
