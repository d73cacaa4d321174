import { valueAt } from './places.ts';

const uuid = /\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b/g;
const zeros = '00000000-0000-0000-0000-000000000000';
/** Consul prints its hashes without leading zeros. */
const hexHash = /^[0-9a-f]{12,16}$/;

/** Ids, addresses of ports and hashes that no two servers share become words. */
export function plainText(text: string): string {
  return text
    .replace(uuid, (id) => (id === zeros ? id : '<uuid>'))
    .replace(/127\.0\.0\.1:\d{4,5}/g, '<address>')
    .replace(/http2?: /g, '');
}

/**
 * The same for JSON. An index becomes a word, which says for a key whether it was changed after it was made. Consul's
 * own service is at a port of its own.
 */
export function plainJson(value: unknown): unknown {
  if (typeof value === 'string') return hexHash.test(value) ? '<hash>' : plainText(value);
  if (Array.isArray(value)) return inOrder(value).map(plainJson);
  if (typeof value !== 'object' || value === null) return value;
  // JSON objects are records.
  const record = value as Readonly<Record<string, unknown>>;
  const entries = Object.entries(record).map(([key, inner]) => [key, plainField(record, key, inner)] as const);
  return Object.fromEntries(entries);
}

/** Checks, and services of the agent with their health, come in any order from Consul; all other lists keep theirs. */
function inOrder(list: readonly unknown[]): readonly unknown[] {
  const idOf = (entry: unknown): unknown => valueAt(entry, '$.CheckID') ?? valueAt(entry, '$.AggregatedStatus');
  return list.every((entry) => idOf(entry) !== undefined)
    ? list.toSorted((a, b) => placeInOrder(a).localeCompare(placeInOrder(b)))
    : list;
}

function placeInOrder(entry: unknown): string {
  return ['$.Node', '$.CheckID', '$.Service.ID'].map((place) => `${JSON.stringify(valueAt(entry, place))}`).join(' ');
}

/** The list of services with the tags of each in order. */
export function plainServices(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).map(([name, tags]) => {
    const sorted = Array.isArray(tags) ? tags.map(String).toSorted() : (tags as unknown);
    return [name, sorted] as const;
  });
  return Object.fromEntries(entries);
}

function plainField(record: Readonly<Record<string, unknown>>, key: string, value: unknown): unknown {
  const isConsul = record['ServiceName'] === 'consul' || record['Service'] === 'consul';
  if (isConsul && /^(Service)?Port$/.test(key)) return '<port>';
  if (!['CreateIndex', 'ModifyIndex', 'RaftIndex'].includes(key) || typeof value !== 'number') return plainJson(value);
  if (value === 0) return 0;
  return 'LockIndex' in record && key === 'ModifyIndex' && value !== record['CreateIndex']
    ? '<later index>'
    : '<index>';
}

/** A header as it is compared. */
export function plainHeader(name: string, value: string | null): string | undefined {
  if (value === null) return undefined;
  if (name === 'x-consul-index') return /^[1-9]\d*$/.test(value) ? '<index>' : value;
  if (name === 'x-consul-lastcontact' || name === 'age') return /^\d+$/.test(value) ? '<number>' : value;
  if (name === 'x-consul-contenthash') return hexHash.test(value) ? '<hash>' : value;
  return value.toLowerCase();
}
