import { instanceKey } from '../record/instance.ts';
import type { RunningCheck } from './running-check.ts';

/** The checks that run, by the key of their instance and then by their id. */
export class RunningTable {
  readonly #byInstance = new Map<string, Map<string, RunningCheck>>();

  /** The keys of instances that have any. */
  get instances(): Iterable<string> {
    return this.#byInstance.keys();
  }

  /** Those of one instance. A copy: they may be removed meanwhile. */
  of(instance: string): readonly RunningCheck[] {
    return [...(this.#byInstance.get(instance)?.values() ?? [])];
  }

  get(instance: string, check: string): RunningCheck | undefined {
    return this.#byInstance.get(instance)?.get(check);
  }

  /** All of them, in no order. */
  *all(): Generator<RunningCheck, void, void> {
    for (const checks of this.#byInstance.values()) yield* checks.values();
  }

  add(check: RunningCheck): void {
    const { name, id } = check.place;
    const key = instanceKey(name, id);
    const checks = this.#byInstance.get(key) ?? new Map<string, RunningCheck>();
    this.#byInstance.set(key, checks.set(check.place.check, check));
  }

  remove({ place: { name, id, check } }: RunningCheck): void {
    const key = instanceKey(name, id);
    const checks = this.#byInstance.get(key);
    checks?.delete(check);
    if (checks?.size === 0) this.#byInstance.delete(key);
  }
}
