import type { DatabaseSync, StatementSync } from 'node:sqlite';

/** Who has sent something, by the number that stands in rows. */
export interface Sender {
  readonly service: string;
  readonly instanceId?: string;
}

/** Reads senders, and remembers them: they never change. */
export class Resources {
  readonly #find: StatementSync;
  readonly #known = new Map<number, Sender>();

  constructor(database: DatabaseSync) {
    this.#find = database.prepare('SELECT service, instance_id FROM resources WHERE id = ?');
  }

  get(id: unknown): Sender {
    const known = this.#known.get(Number(id));
    if (known !== undefined) return known;
    const row = this.#find.get(Number(id));
    if (row === undefined) return { service: 'unknown_service' };
    const instanceId = row['instance_id'];
    const sender: Sender = {
      service: String(row['service']),
      ...(typeof instanceId === 'string' ? { instanceId } : {}),
    };
    this.#known.set(Number(id), sender);
    return sender;
  }
}
