import { type Asked, nameOfAddress, readName, zone } from './dns-name.ts';
import { recordTypes, responseCodes } from './dns-numbers.ts';
import { isInternet, type Query, type Question } from './read-query.ts';
import type { Endpoint, ServiceLookup } from './service-lookup.ts';
import { type Answer, addressBytes, type DnsRecord } from './write-answer.ts';

/** What answers are made of. */
export interface ResolverOptions {
  readonly services: Pick<ServiceLookup, 'endpoints'>;
  /** The address of a node, by its name in small letters; undefined if there is none. */
  readonly node: (name: string) => string | undefined;
  /** The address that this server can be reached at. */
  readonly ownAddress: string;
  readonly datacenter: string;
  /** How long clients may keep an answer, or that there is none, in seconds. */
  readonly ttlSeconds: number;
  /** What the registry knows now; rises with each change. */
  readonly serial: () => number;
  /** From 0 to 1, for the order of the answers. */
  readonly random: () => number;
}

/** The most instances in an answer; more than anybody reads, and as many as fit into a message over TCP. */
const maxEndpoints = 1_000;

/** Answers a query from what the registry has in memory. */
export function resolveQuery(query: Query, options: ResolverOptions): Answer {
  const { question, problem } = query;
  if (problem !== undefined || question === undefined) return empty(problem ?? responseCodes.formatError);
  const asked = isInternet(question) ? readName(question.labels, options.datacenter.toLowerCase()) : undefined;
  // Another zone: we neither know it nor ask others.
  if (asked === undefined || isTransfer(question)) return empty(responseCodes.refused);
  return new Resolver(question, options).answer(asked);
}

/** AXFR, IXFR: the whole zone. */
function isTransfer({ type }: Question): boolean {
  return type === 252 || type === 251;
}

function empty(code: Answer['code']): Answer {
  return { code, authoritative: false, answers: [], authority: [], additional: [] };
}

/** Answers one question of our zone. */
class Resolver {
  readonly #question: Question;
  readonly #options: ResolverOptions;
  /** The name that was asked for. */
  readonly #name: string;

  constructor(question: Question, options: ResolverOptions) {
    this.#question = question;
    this.#options = options;
    this.#name = question.labels.join('.');
  }

  answer(asked: Asked): Answer {
    switch (asked.kind) {
      case 'zone':
        return this.#found([
          ...(this.#wants('SOA') ? [this.#soa()] : []),
          ...(this.#wants('NS') ? [this.#record({ type: 'NS', target: `ns.${zone}` })] : []),
        ]);
      case 'server':
        return this.#address(this.#options.ownAddress);
      case 'node':
        return this.#address(this.#options.node(asked.node));
      case 'address':
        return this.#address(asked.address);
      case 'service':
        return this.#service(this.#endpointsOf(asked.labels));
      case 'rfc2782':
        return this.#service(tagged(this.#options.services.endpoints(asked.service), asked.tag));
      case 'nothing':
        return this.#noSuchName();
      default:
        return asked satisfies never;
    }
  }

  /** A name with dots may be that of a service as it is; otherwise its first part is a tag. */
  #endpointsOf(labels: readonly string[]): readonly Endpoint[] | undefined {
    const { services } = this.#options;
    const whole = services.endpoints(labels.join('.'));
    if (whole !== undefined || labels.length < 2) return whole;
    // A tag may have dots, and so may a name.
    for (let split = 1; split < labels.length; split += 1) {
      const found = services.endpoints(labels.slice(split).join('.'));
      if (found !== undefined) return tagged(found, labels.slice(0, split).join('.'));
    }
    return undefined;
  }

  /** Nobody who gets new work, or no such service: to a caller that is the same. */
  #service(endpoints: readonly Endpoint[] = []): Answer {
    if (endpoints.length === 0) return this.#noSuchName();
    const chosen = sample(endpoints, maxEndpoints, this.#options.random);
    if (this.#question.type === recordTypes.SRV) return this.#srv(chosen);
    const direct = [...new Set(chosen.filter(({ family }) => this.#wantsFamily(family)).map(({ address }) => address))];
    if (direct.length > 0) return this.#found(direct.map((address) => this.#addressRecord(this.#name, address)));
    // A name can stand for one other name only, and beside nothing else.
    const named = endpoints.every(({ family }) => family === 0) ? chosen[0] : undefined;
    return this.#found(named !== undefined && this.#wantsAddress() ? [this.#cname(named.address)] : []);
  }

  #srv(endpoints: readonly Endpoint[]): Answer {
    const additional = new Map<string, DnsRecord>();
    const answers = endpoints.map(({ address, family, port, weight }): DnsRecord => {
      const target = family === 0 ? withoutDot(address) : nameOfAddress(addressBytes(address), this.#datacenter);
      if (family !== 0) additional.set(target, this.#addressRecord(target, address));
      return this.#record({ type: 'SRV', priority: 1, weight, port, target });
    });
    return { ...this.#found(answers), additional: [...additional.values()] };
  }

  /** What a name with exactly this address is answered with. */
  #address(address: string | undefined): Answer {
    if (address === undefined) return this.#noSuchName();
    const family = address.includes(':') ? 6 : 4;
    if (!/^[0-9.]+$|:/.test(address)) return this.#found(this.#wantsAddress() ? [this.#cname(address)] : []);
    return this.#found(this.#wantsFamily(family) ? [this.#addressRecord(this.#name, address)] : []);
  }

  /** Answers, or the word that there is nothing of this type. */
  #found(answers: readonly DnsRecord[]): Answer {
    const authority = answers.length === 0 ? [this.#soa()] : [];
    return { code: responseCodes.ok, authoritative: true, answers, authority, additional: [] };
  }

  #noSuchName(): Answer {
    const code = responseCodes.noSuchName;
    return { code, authoritative: true, answers: [], authority: [this.#soa()], additional: [] };
  }

  #wants(type: keyof typeof recordTypes): boolean {
    return this.#question.type === recordTypes[type] || this.#question.type === recordTypes.ANY;
  }

  #wantsFamily(family: Endpoint['family']): boolean {
    return (family === 4 && this.#wants('A')) || (family === 6 && this.#wants('AAAA'));
  }

  #wantsAddress(): boolean {
    return this.#wants('A') || this.#wants('AAAA') || this.#wants('CNAME');
  }

  get #datacenter(): string {
    return this.#options.datacenter.toLowerCase();
  }

  #record<const T>(data: T): T & { readonly name: string; readonly ttlSeconds: number } {
    return { ...data, name: this.#name, ttlSeconds: this.#options.ttlSeconds };
  }

  #addressRecord(name: string, address: string): DnsRecord {
    const type = address.includes(':') ? 'AAAA' : 'A';
    return { name, ttlSeconds: this.#options.ttlSeconds, type, address };
  }

  #cname(address: string): DnsRecord {
    return this.#record({ type: 'CNAME', target: withoutDot(address) });
  }

  #soa(): DnsRecord {
    const names = { server: `ns.${zone}`, mailbox: `hostmaster.${zone}` };
    const { ttlSeconds, serial } = this.#options;
    return { type: 'SOA', name: zone, ttlSeconds, ...names, serial: serial() % 2 ** 32 };
  }
}

/** Those that have a tag; all without one. Undefined stays undefined. */
function tagged(endpoints: readonly Endpoint[] | undefined, tag: string | undefined): readonly Endpoint[] | undefined {
  return tag === undefined ? endpoints : endpoints?.filter(({ tags }) => tags.has(tag));
}

/** So many of them at most, in random order. */
function sample(endpoints: readonly Endpoint[], most: number, random: () => number): readonly Endpoint[] {
  const shuffled = [...endpoints];
  const count = Math.min(most, shuffled.length);
  for (let index = 0; index < count; index += 1) {
    const other = index + Math.floor(random() * (shuffled.length - index));
    const [here, there] = [shuffled[index], shuffled[other]];
    if (here === undefined || there === undefined) continue;
    shuffled[index] = there;
    shuffled[other] = here;
  }
  return shuffled.slice(0, count);
}

function withoutDot(name: string): string {
  return name.replace(/\.$/, '');
}
