import { getServers } from 'node:dns';
import type { Clock } from '@flotilla/contracts';
import type { HostAndPort } from '@flotilla/contracts/registry-urls';
import { askNameServer } from './dns-exchange.ts';
import { type DnsAnswer, type DnsRecord, type DnsRecords, recordTypes } from './dns-message.ts';

/** What a name has of one type. */
export interface Resolved<T extends keyof DnsRecords> {
  /** None: there is no such name, or it has none of that type. Both are answers. */
  readonly records: readonly DnsRecords[T][];
  /** How long that holds, in milliseconds: the shortest of its records, or what the zone says of missing ones. */
  readonly ttlMs: number;
  /** What came with it unasked: the addresses of SRV targets. */
  readonly additionals: readonly DnsRecord[];
}

/** What a resolver works with. */
export interface DnsResolverParts {
  /** None: those of this machine, as they are at each question. */
  readonly servers: readonly HostAndPort[];
  readonly clock: Clock;
  readonly timeoutMs: number;
}

/** An alias of an alias of an alias: more is a circle. */
const mostAliases = 8;
const noSuchName = 3;
const words: Readonly<Record<number, string>> = { 1: 'FORMERR', 2: 'SERVFAIL', 4: 'NOTIMP', 5: 'REFUSED' };

/** Asks name servers, the one that answered last first. */
export class DnsResolver {
  readonly #parts: DnsResolverParts;
  #first = 0;

  constructor(parts: DnsResolverParts) {
    this.#parts = parts;
  }

  /** Follows aliases. Rejects when no server can say: that is not the same as "there is none". */
  async resolve<T extends 'A' | 'AAAA' | 'SRV'>(name: string, type: T, signal: AbortSignal): Promise<Resolved<T>> {
    let asked = name.toLowerCase();
    let ttlMs = Number.POSITIVE_INFINITY;
    for (let aliases = 0; aliases <= mostAliases; aliases += 1) {
      const answer = await this.#ask(asked, recordTypes[type], signal);
      const { owner, aliasTtlMs } = lastAlias(asked, answer.answers);
      ttlMs = Math.min(ttlMs, aliasTtlMs);
      const records = answer.answers.filter(
        (record): record is DnsRecords[T] => record.type === type && record.name === owner,
      );
      if (records.length > 0 || owner === asked) {
        const own = records.length > 0 ? records.map((record) => record.ttlMs) : [negativeTtlMs(answer)];
        return { records, ttlMs: Math.min(ttlMs, ...own), additionals: answer.additionals };
      }
      if (answer.code === noSuchName) return { records: [], ttlMs: negativeTtlMs(answer), additionals: [] };
      // The server of the alias only says where to go on.
      asked = owner;
    }
    throw new Error(`${name} is an alias of an alias, and so on without an end`);
  }

  async #ask(name: string, type: number, signal: AbortSignal): Promise<DnsAnswer> {
    const { clock, timeoutMs } = this.#parts;
    const servers = this.#parts.servers.length > 0 ? this.#parts.servers : serversOfThisMachine();
    let last: unknown = new Error('this machine has no name server');
    for (let tried = 0; tried < servers.length; tried += 1) {
      const at = (this.#first + tried) % servers.length;
      const server = servers[at];
      if (server === undefined) break;
      try {
        const answer = await askNameServer({ server, name, type, clock, timeoutMs, signal });
        if (answer.code !== 0 && answer.code !== noSuchName)
          throw new Error(`the name server answered ${words[answer.code] ?? `code ${answer.code}`} for ${name}`);
        this.#first = at;
        return answer;
      } catch (error) {
        if (signal.aborted) throw signal.reason;
        last = error;
      }
    }
    throw last;
  }
}

/** Where the aliases in an answer lead. */
function lastAlias(
  name: string,
  answers: readonly DnsRecord[],
): { readonly owner: string; readonly aliasTtlMs: number } {
  let owner = name;
  let aliasTtlMs = Number.POSITIVE_INFINITY;
  for (let left = answers.length; left > 0; left -= 1) {
    const alias = answers.find((record) => record.type === 'CNAME' && record.name === owner);
    if (alias?.type !== 'CNAME') break;
    owner = alias.target;
    aliasTtlMs = Math.min(aliasTtlMs, alias.ttlMs);
  }
  return { owner, aliasTtlMs };
}

/** How long a missing record may be taken for missing (RFC 2308); 0 if the zone does not say. */
function negativeTtlMs({ authorities }: DnsAnswer): number {
  for (const record of authorities) if (record.type === 'SOA') return record.negativeTtlMs;
  return 0;
}

function serversOfThisMachine(): readonly HostAndPort[] {
  return getServers().map((text) => {
    const [, host = text, port = '53'] =
      /^\[?([^\]]+?)\]?(?::(\d+))?$/.exec(text.includes(']') || text.split(':').length < 3 ? text : `[${text}]`) ?? [];
    return { host, port: Number(port) };
  });
}
