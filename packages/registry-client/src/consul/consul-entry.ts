import { addressSchema, type Endpoint } from '@flotilla/contracts';
import { z } from 'zod';
import { ownMetadata, weightIn, withoutOwn } from '../registration/own-metadata.ts';

const texts = z.record(z.string(), z.string()).nullish();

const locality = z.object({ Zone: z.string().optional() }).nullish();

const entriesSchema = z.array(
  z.object({
    Node: z.object({ Node: z.string(), Address: z.string(), Locality: locality }),
    Service: z.object({
      ID: z.string().min(1),
      Tags: z.array(z.string()).nullish(),
      Address: z.string().nullish(),
      Port: z.int(),
      Meta: texts,
      Weights: z.object({ Passing: z.int().min(0), Warning: z.int().min(0) }).nullish(),
      Locality: locality,
    }),
    Checks: z.array(z.object({ Status: z.string() })).nullish(),
  }),
);
type Entry = z.infer<typeof entriesSchema>[number];

/**
 * The endpoints in an answer of `GET /v1/health/service/…` that may get traffic: no check of the service or its node is critical, maintenance included. Consul's
 * `passing` would also hide those with a warning, which our own registry serves.
 */
export function endpointsIn(answer: unknown): readonly Endpoint[] {
  const entries = entriesSchema.parse(answer);
  const nodeOf = new Map<string, string>();
  const sorted = entries.toSorted((a, b) => (a.Node.Node < b.Node.Node ? -1 : a.Node.Node > b.Node.Node ? 1 : 0));
  return sorted.flatMap((entry) => {
    const { Node, Service, Checks } = entry;
    const address = Service.Address || Node.Address;
    const isServed = !(Checks ?? []).some(({ Status }) => Status === 'critical');
    // Services without a port, and odd addresses, can't be called.
    if (!isServed || Service.Port < 1 || Service.Port > 65_535 || !addressSchema.safeParse(address).success) return [];
    // Ids are unique on a node only.
    const isFirst = (nodeOf.get(Service.ID) ?? Node.Node) === Node.Node;
    if (isFirst) nodeOf.set(Service.ID, Node.Node);
    return [endpointOf(entry, address, isFirst ? Service.ID : `${Service.ID}@${Node.Node}`)];
  });
}

function endpointOf({ Node, Service, Checks }: Entry, address: string, id: string): Endpoint {
  const metadata = Service.Meta ?? {};
  const { zone, version } = metadata;
  const isWarned = (Checks ?? []).some(({ Status }) => Status === 'warning');
  const weights = Service.Weights ?? { Passing: 1, Warning: 1 };
  return {
    id,
    // As Spring's clients say it.
    scheme: metadata['secure'] === 'true' ? 'https' : 'http',
    address,
    port: Service.Port,
    weight: weightIn(metadata[ownMetadata.weight]) ?? (isWarned ? weights.Warning : weights.Passing),
    tags: Service.Tags ?? [],
    metadata: withoutOwn(metadata),
    zone: zone ?? Service.Locality?.Zone ?? Node.Locality?.Zone,
    version,
  };
}
