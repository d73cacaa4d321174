import type { MaintenanceRecord } from '../store/instance-store.ts';

/** Which instances an operator wishes to get no traffic, in memory. */
export class MaintenanceTable {
  /** By name and id; neither holds a space. */
  readonly #records = new Map<string, MaintenanceRecord>();

  get(name: string, id: string): MaintenanceRecord | undefined {
    return this.#records.get(`${name} ${id}`);
  }

  put(record: MaintenanceRecord): void {
    this.#records.set(`${record.name} ${record.id}`, record);
  }

  remove(name: string, id: string): void {
    this.#records.delete(`${name} ${id}`);
  }
}
