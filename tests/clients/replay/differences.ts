import type { Difference } from './compare.ts';

/** Where we answer differently on purpose. `docs/registry-differences.md` has a row for each id, with the reason. */
export interface PublishedDifference {
  readonly id: string;
  /** The steps where it shows, by title. */
  readonly steps: RegExp;
  /** The places where it shows there. */
  readonly where: RegExp;
}

export const publishedDifferences: readonly PublishedDifference[] = [
  { id: 'consistency-header', steps: /./, where: /^header x-consul-effective-consistency$/ },
  { id: 'refused-apis', steps: /^(?:access control bootstrap|queries)$/, where: /./ },
  { id: 'refused-apis', steps: /^coordinates$/, where: /^header x-consul-effective-consistency$/ },
  { id: 'versions', steps: /./, where: /\.consul-version$/ },
  {
    id: 'versions',
    steps: /^catalog node(?: services)?$/,
    where: /\.Meta\.(?:non_voter|raft_version|serf_\w+|version)$/,
  },
  { id: 'ports', steps: /^register with a port (?:below zero|above all)$/, where: /^(?:status|header content-type)$/ },
  {
    id: 'strict-checks',
    steps: /^register with (?:a TTL of zero|an empty check)$/,
    where: /^(?:status|header content-type)$/,
  },
  { id: 'zero-weights', steps: /^register with weights of nothing$/, where: /^(?:status|header content-type)$/ },
  { id: 'decode-words', steps: /^register a list$/, where: /^body$/ },
  { id: 'methods', steps: /^(?:OPTIONS|HEAD) of a read$/, where: /^(?:status|header .*)$/ },
  // What the steps check listens nowhere.
  { id: 'first-probe', steps: /^agent checks/, where: /^\$\.service:(?:grpc|http|tcp)-1(?:\.Status|\.Output)?$/ },
  { id: 'first-probe', steps: /^health (?:node|state)/, where: /^\$\[\](?:\.Status|\.Output)?$/ },
  { id: 'filter-status', steps: /filter/, where: /^(?:status|header x-consul-\w+)$/ },
  { id: 'filter-status', steps: /^agent checks in maintenance$/, where: /^status$/ },
  { id: 'check-types', steps: /^agent health/, where: /\.Type$/ },
  { id: 'check-tags', steps: /^agent checks after that$/, where: /\.ServiceTags\[\]$/ },
  { id: 'catalog-status', steps: /^(?:deregister without an id|catalog (?:de)?register )/, where: /^status$/ },
  { id: 'empty-maps', steps: /./, where: /\.(?:Meta|ServiceMeta)$/ },
  {
    id: 'unknown-datacenter',
    steps: /unknown datacenter$/,
    where: /^header x-consul-(?:index|knownleader|lastcontact)$/,
  },
  { id: 'cache', steps: /^cached$/, where: /^header (?:x-cache|age)$/ },
  { id: 'index-size', steps: /^services wait for an index to come$/, where: /^time$/ },
  { id: 'key-names', steps: /^(?:put|get) a key that begins with a slash$/, where: /./ },
  { id: 'key-numbers', steps: /^put (?:with bad flags|at a bad index)$/, where: /^status$/ },
  { id: 'decode-words', steps: /^(?:txn|create a session) that is (?:no JSON|an object)$/, where: /^body$/ },
  { id: 'decode-words', steps: /^put too much$/, where: /^body$/ },
  { id: 'index-size', steps: /^txn that fails as a whole$/, where: /\.What$/ },
  {
    id: 'lock-index',
    steps: /^(?:what is locked|a lock that is free|the lock of a destroyed|txn that checks a)/,
    where: /\.LockIndex$/,
  },
  { id: 'session-ids', steps: /^session info of what is none$/, where: /./ },
  { id: 'session-ids', steps: /^take with what is no session$/, where: /^body$/ },
];

/** The published difference that covers this one. */
export function publishedFor({ step, where }: Difference): PublishedDifference | undefined {
  return publishedDifferences.find((one) => one.steps.test(step) && one.where.test(where));
}
