import { statfs } from 'node:fs/promises';
import type { Clock } from '@flotilla/contracts';
import type { GatewayRoutes, Overview, Topology, TrafficView } from '../wire/index.ts';
import type { AlertFacts, CertificateFacts, CountedTraffic, DiskFacts, ServiceTraffic } from './facts.ts';
import { certificateOf } from './read-certificate.ts';

/** Where {@link gatherFacts} gets the facts from. */
export interface FactSources {
  readonly clock: Clock;
  readonly overview: () => Promise<Pick<Overview, 'programs' | 'troubles'>>;
  /** Who called whom between two times, in milliseconds since the epoch. */
  readonly topology: (fromMs: number, toMs: number) => Promise<Topology>;
  /** What the gateway says of the instances behind it; rejects if it cannot be asked. */
  readonly upstreams: () => Promise<GatewayRoutes['services']>;
  /** Folders whose disks are looked at; one that is not there is left out. */
  readonly folders: readonly string[];
  /** Where the gateway is: with https, its certificate is looked at. */
  readonly gatewayUrl: string;
}

const recentMs = 120_000;
const usualMs = 3_600_000;
/** An hour of traffic changes slowly, and is a lot to read. */
const usualForMs = 120_000;
/** Disks and certificates change slowly. */
const disksForMs = 30_000;
const certificatesForMs = 3_600_000;

/** Makes a function that gathers what the rules look at. What changes slowly is not read each time. */
export function gatherFacts(sources: FactSources): () => Promise<AlertFacts> {
  const { clock, topology } = sources;
  const usual = kept(clock, usualForMs, async (nowMs) =>
    countedBy(await topology(nowMs - recentMs - usualMs, nowMs - recentMs)),
  );
  const disks = kept(clock, disksForMs, () => disksOf(sources.folders));
  const certificates = kept(clock, certificatesForMs, () => certificatesOf(sources.gatewayUrl, clock));

  async function traffic(nowMs: number): Promise<readonly ServiceTraffic[]> {
    const before = await usual();
    const recent = countedBy(await topology(nowMs - recentMs, nowMs));
    return [...recent].map(([service, counted]) => ({ service, recent: counted, usual: before.get(service) }));
  }

  return async () => {
    const nowMs = clock.now();
    const [seen, asked, upstreams, full, ending] = await Promise.all([
      known(sources.overview()),
      known(traffic(nowMs)),
      known(sources.upstreams()),
      known(disks()),
      known(certificates()),
    ]);
    return {
      nowMs,
      programs: seen?.programs,
      troubles: seen?.troubles,
      traffic: asked,
      upstreams,
      disks: full,
      certificates: ending,
    };
  };
}

/** The traffic of services and gateways, by name. */
function countedBy({ nodes, fromMs, toMs }: Topology): ReadonlyMap<string, CountedTraffic> {
  const seconds = Math.max(1, (toMs - fromMs) / 1_000);
  const counted = (traffic: TrafficView): CountedTraffic => ({
    ...traffic,
    requests: traffic.requestsPerSecond * seconds,
  });
  return new Map(
    nodes.flatMap(({ id, kind, traffic }) =>
      traffic !== undefined && (kind === 'service' || kind === 'gateway') ? [[id, counted(traffic)] as const] : [],
    ),
  );
}

async function disksOf(folders: readonly string[]): Promise<readonly DiskFacts[]> {
  const disks = await Promise.all(
    folders
      .map(async (path) => {
        const { bavail, blocks, bsize } = await statfs(path);
        return { path, freeBytes: bavail * bsize, totalBytes: blocks * bsize };
      })
      .map(known),
  );
  // Folders of the same disk have the same figures.
  const different = new Map(
    disks.flatMap((disk) => (disk === undefined ? [] : [[`${disk.totalBytes}/${disk.freeBytes}`, disk]])),
  );
  return [...different.values()];
}

async function certificatesOf(url: string, clock: Clock): Promise<readonly CertificateFacts[]> {
  const { protocol } = new URL(url);
  return protocol === 'https:' ? [await certificateOf(new URL(url), clock)] : [];
}

/** What cannot be had is not known. */
async function known<T>(value: Promise<T>): Promise<T | undefined> {
  try {
    return await value;
  } catch {
    return undefined;
  }
}

/** Reads something again only when what was read is too old. */
function kept<T>(clock: Clock, forMs: number, read: (nowMs: number) => Promise<T>): () => Promise<T> {
  let last: { readonly value: T; readonly atMs: number } | undefined;
  return async () => {
    if (last !== undefined && clock.monotonicMs() - last.atMs < forMs) return last.value;
    const value = await read(clock.now());
    last = { value, atMs: clock.monotonicMs() };
    return value;
  };
}
