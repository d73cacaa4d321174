import { readGoDuration } from './go-duration.ts';
import { Refusal } from './refusal.ts';

/** What a query of Consul's API may say beside what is asked for. */
export interface QueryOptions {
  /** The index that the reader knows. 0: the answer is wanted at once. */
  readonly index: number;
  /** How long to wait for a higher one, in milliseconds. */
  readonly waitMs: number;
  readonly consistency: 'leader' | 'stale' | 'consistent';
  readonly cached: boolean;
  readonly pretty: boolean;
  readonly passing: boolean;
  /** An expression that what is shown has to fit. */
  readonly filter: string | undefined;
  /** All of which have to be there. */
  readonly tags: readonly string[];
  /** Names and values that a node's metadata has to have. */
  readonly nodeMeta: readonly (readonly [name: string, value: string])[];
}

/** How long a blocking query waits if it does not say, in milliseconds: Consul's 5 minutes. */
const defaultWaitMs = 300_000;
/** The longest wait, in milliseconds: Consul's 10 minutes. */
const maxWaitMs = 600_000;

/** Parameters of one request; a name that is repeated has several values. */
export class Parameters {
  readonly #query: Readonly<Record<string, unknown>>;

  constructor(query: unknown) {
    this.#query = typeof query === 'object' && query !== null ? { ...query } : {};
  }

  has(name: string): boolean {
    return Object.hasOwn(this.#query, name);
  }

  /** The first value; undefined if the name is not there. Empty if it stands alone, as in `?stale`. */
  get(name: string): string | undefined {
    return this.all(name)[0];
  }

  all(name: string): readonly string[] {
    if (!this.has(name)) return [];
    return [this.#query[name]].flat().map(String);
  }

  /** Whether a switch is on. Its name alone means yes. @throws {Refusal} 400 for anything but a truth value */
  flag(name: string): boolean {
    const value = this.get(name);
    if (value === undefined) return false;
    if (value === '' || ['1', 't', 'T', 'true', 'TRUE', 'True'].includes(value)) return true;
    if (['0', 'f', 'F', 'false', 'FALSE', 'False'].includes(value)) return false;
    throw new Refusal(400, `Invalid value for ?${name}`);
  }
}

/**
 * Reads what all queries have in common. What Consul's other editions know (`ns`, `partition`, `peer`) and what has no meaning with
 * one node (`near`) is passed over.
 *
 * @throws {Refusal} 400; 500 if the query is for another data center
 */
export function readQueryOptions(parameters: Parameters, datacenter: string): QueryOptions {
  requireDatacenter(parameters, datacenter);
  const stale = parameters.has('stale');
  const consistent = parameters.has('consistent');
  if (stale && consistent) throw new Refusal(400, 'Cannot specify ?stale with ?consistent, conflicting semantics.');
  return {
    index: readIndex(parameters.get('index')),
    waitMs: readWait(parameters.get('wait')),
    consistency: stale ? 'stale' : consistent ? 'consistent' : 'leader',
    cached: parameters.has('cached'),
    pretty: parameters.has('pretty'),
    passing: parameters.flag('passing'),
    filter: parameters.get('filter') || undefined,
    tags: parameters.all('tag').filter((tag) => tag !== ''),
    nodeMeta: parameters.all('node-meta').map((text) => {
      const at = text.indexOf(':');
      return at < 0 ? [text, ''] : [text.slice(0, at), text.slice(at + 1)];
    }),
  };
}

/** @throws {Refusal} 500 if a request names a data center that is not ours */
export function requireDatacenter(parameters: Parameters, datacenter: string): void {
  const asked = parameters.get('dc');
  if (asked !== undefined && asked !== '' && asked !== datacenter) throw new Refusal(500, 'No path to datacenter');
}

function readIndex(text: string | undefined): number {
  if (text === undefined || text === '') return 0;
  // Larger than any index there is, and more digits than a number holds exactly: it is waited for like any that is not reached.
  if (/^\d{1,20}$/.test(text)) return Number(text);
  throw new Refusal(400, 'Invalid index');
}

function readWait(text: string | undefined): number {
  if (text === undefined || text === '') return defaultWaitMs;
  const ms = readGoDuration(text);
  if (ms === undefined) throw new Refusal(400, 'Invalid wait time');
  return ms <= 0 ? defaultWaitMs : Math.min(ms, maxWaitMs);
}
