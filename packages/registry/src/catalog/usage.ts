import type { InstanceValue } from '../record/instance.ts';

/** What an instance counts as. */
export interface Counted {
  readonly name: string;
  /** Who registered it: an IPv4 address or an IPv6 network. Undefined: not known, as right after a restart. */
  readonly client: string | undefined;
  readonly bytes: number;
}

/** How much is registered. */
export interface Amount {
  readonly instances: number;
  /** Of tags and metadata, as JSON. */
  readonly bytes: number;
}

/** What a record counts as. */
export function countedOf({ name, tags, metadata, extra = {} }: InstanceValue, client: string | undefined): Counted {
  // What is empty counts nothing, so that an instance without any does not cost its brackets.
  const bytes = [tags, metadata, extra].reduce<number>(
    (sum, part) => sum + Buffer.byteLength(JSON.stringify(part)) - 2,
    0,
  );
  return { name, client, bytes };
}

const nothing: Amount = { instances: 0, bytes: 0 };

/** How much is registered in all, for each service and by each client. */
export class Usage {
  readonly #services = new Map<string, Amount>();
  readonly #clients = new Map<string, Amount>();
  #total = nothing;

  get total(): Amount {
    return this.#total;
  }

  ofService(name: string): Amount {
    return this.#services.get(name) ?? nothing;
  }

  ofClient(client: string): Amount {
    return this.#clients.get(client) ?? nothing;
  }

  /** Counts an instance: 1 = it has come, -1 = it has gone. */
  count({ name, client, bytes }: Counted, times: 1 | -1): void {
    const change = { instances: times, bytes: times * bytes };
    this.#total = sum(this.#total, change);
    move(this.#services, name, change);
    if (client !== undefined) move(this.#clients, client, change);
  }
}

/** Two amounts together. */
export function sum(a: Amount, b: Amount): Amount {
  return { instances: a.instances + b.instances, bytes: a.bytes + b.bytes };
}

function move(amounts: Map<string, Amount>, key: string, change: Amount): void {
  const amount = sum(amounts.get(key) ?? nothing, change);
  if (amount.instances === 0 && amount.bytes === 0) amounts.delete(key);
  else amounts.set(key, amount);
}
