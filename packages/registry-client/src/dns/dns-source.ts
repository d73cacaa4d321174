import type { Clock, Endpoint } from '@flotilla/contracts';
import { askingSource } from '../discovery/asking-source.ts';
import { ForgottenInstances } from '../discovery/forgotten-instances.ts';
import type { SnapshotSource } from '../discovery/snapshot-source.ts';
import { endpointAt } from '../list/place.ts';
import type { DnsRecords } from './dns-message.ts';
import { DnsResolver, type Resolved } from './dns-resolver.ts';
import { type DnsPlace, nameOf } from './dns-urls.ts';

/** However short a time to live is: Consul's is 0. */
const leastTtlMs = 1_000;
/** However long it is: a gateway should not send to what was moved an hour ago. */
const mostTtlMs = 60_000;
/** A name that is missing is asked for more often than its zone says. */
const mostMissingTtlMs = 5_000;
/**
 * How long instances stay in use that are missing once names can be asked for again. A Consul that starts says "no such
 * name" of all that it has not read back yet, though it answers.
 */
const rememberMs = 10_000;
/** Weights of SRV records reach 65 535; those of our own balancers 1000. */
const mostWeight = 1_000;

interface Found {
  readonly endpoints: readonly Endpoint[];
  readonly ttlMs: number;
}
interface Addresses {
  readonly addresses: readonly string[];
  readonly ttlMs: number;
}

/** Asking name servers for SRV records, or for addresses where the port is known, as often as their times to live say. */
export function dnsSource(place: DnsPlace, clock: Clock, timeoutMs: number): SnapshotSource {
  const resolver = new DnsResolver({ servers: place.servers, clock, timeoutMs });
  const forgotten = new Map<string, ForgottenInstances>();
  return askingSource({
    clock,
    async ask(service, _last: undefined, signal) {
      const name = nameOf(place, service);
      if (name === undefined) throw new Error(`${service} cannot be part of a name in DNS`);
      const memory = forgotten.get(service) ?? new ForgottenInstances(clock, rememberMs);
      forgotten.set(service, memory);
      try {
        const { endpoints, ttlMs } = await lookUp(resolver, place, name, signal);
        const mostMs = endpoints.length === 0 ? mostMissingTtlMs : mostTtlMs;
        const againAfterMs = Math.min(mostMs, Math.max(leastTtlMs, ttlMs));
        const known = memory.next(endpoints);
        return { ...known, againAfterMs: known.state === 'stale' ? leastTtlMs : againAfterMs, cursor: undefined };
      } catch (error) {
        memory.doubt();
        throw error;
      }
    },
  });
}

function lookUp(resolver: DnsResolver, place: DnsPlace, name: string, signal: AbortSignal): Promise<Found> {
  const { port } = place;
  return port === undefined ? bySrv(resolver, name, signal) : byAddress(resolver, name, port, signal);
}

async function byAddress(resolver: DnsResolver, name: string, port: number, signal: AbortSignal): Promise<Found> {
  const { addresses, ttlMs } = await addressesOf(resolver, name, signal);
  return { endpoints: addresses.map((address) => endpointAt({ address, port })), ttlMs };
}

/** Only the records of the lowest priority: the others are for when those are gone from DNS (RFC 2782). */
async function bySrv(resolver: DnsResolver, name: string, signal: AbortSignal): Promise<Found> {
  const resolved = await resolver.resolve(name, 'SRV', signal);
  const { records } = resolved;
  const lowest = Math.min(...records.map(({ priority }) => priority));
  // A target of "." says that the service is decidedly not there.
  const used = records.filter(({ priority, target, port }) => priority === lowest && target !== '' && port > 0);
  const highest = Math.max(...used.map(({ weight }) => weight));
  const found = await Promise.all(
    used.map(async (record) => {
      const { addresses, ttlMs } = await targetOf(resolver, record, resolved, signal);
      const weight = weightOf(record.weight, highest);
      return { endpoints: addresses.map((address) => endpointAt({ address, port: record.port, weight })), ttlMs };
    }),
  );
  const endpoints = found.flatMap((each) => each.endpoints);
  if (used.length > 0 && endpoints.length === 0) throw new Error(`no target of ${name} has an address`);
  return { endpoints, ttlMs: Math.min(resolved.ttlMs, ...found.map(({ ttlMs }) => ttlMs)) };
}

/** The addresses of a target: those that came along, or else those that the name servers know. */
async function targetOf(
  resolver: DnsResolver,
  { target }: DnsRecords['SRV'],
  { additionals }: Resolved<'SRV'>,
  signal: AbortSignal,
): Promise<Addresses> {
  for (const type of ['A', 'AAAA'] as const) {
    const along = additionals.flatMap((record) => (record.type === type && record.name === target ? [record] : []));
    if (along.length > 0)
      return {
        addresses: along.map(({ address }) => address),
        ttlMs: Math.min(...along.map(({ ttlMs }) => ttlMs)),
      };
  }
  return await addressesOf(resolver, target, signal);
}

/** IPv4, and IPv6 where there is none: an instance with both would count twice. */
async function addressesOf(resolver: DnsResolver, name: string, signal: AbortSignal): Promise<Addresses> {
  const four = await resolver.resolve(name, 'A', signal);
  const { records, ttlMs } = four.records.length > 0 ? four : await resolver.resolve(name, 'AAAA', signal);
  return { addresses: records.map(({ address }) => address), ttlMs };
}

/** Zones that do not use weights have 0 everywhere. */
function weightOf(weight: number, highest: number): number {
  if (highest === 0) return 1;
  return highest <= mostWeight || weight === 0 ? weight : Math.max(1, Math.round((weight * mostWeight) / highest));
}
