import {
  announcedAddressSchema,
  authorityOf,
  type Endpoint,
  instanceIdSchema,
  normalAddress,
  portSchema,
  serviceNameSchema,
} from '@flotilla/contracts';
import { readJson } from '@flotilla/contracts/json';
import { z } from 'zod';
import { endpointAt, type Place, readPlace } from './place.ts';
import type { ServiceList } from './static-list.ts';

const placeSchema: z.ZodType<Place> = z.union([
  z.strictObject({
    address: announcedAddressSchema,
    port: portSchema,
    id: instanceIdSchema.optional(),
    weight: z.int().min(0).max(1000).optional(),
    tags: z.array(z.string()).optional(),
    metadata: z.record(z.string(), z.string()).optional(),
    zone: z.string().optional(),
    version: z.string().optional(),
  }),
  z.string().transform((text, context) => {
    const place = readPlace(text);
    if (place !== undefined) return place;
    context.addIssue('is not address:port (write an IPv6 address in brackets)');
    return z.NEVER;
  }),
]);

const fileSchema = z.record(serviceNameSchema, z.array(placeSchema));

/**
 * Reads the text of a list: `{"user-service": ["127.0.0.1:8001", {"address": "::1", "port": 8003, "weight": 2}]}`. Throws an
 * Error that says what is wrong, of an empty text too: a file that is just being written must not pass for a list of nobody.
 */
export function parseListFile(bytes: Uint8Array): ServiceList {
  const json = readJson(bytes);
  if (!json.ok) throw new Error(`it cannot be read as JSON (${json.problem} at byte ${json.at})`);
  const read = fileSchema.safeParse(json.value);
  if (!read.success) throw new Error(`it is not a list of services: ${z.prettifyError(read.error)}`);
  const list = new Map<string, readonly Endpoint[]>();
  for (const [service, places] of Object.entries(read.data)) list.set(service, endpointsOf(service, places));
  return list;
}

/** One place that is named twice counts once; who calls two places by one id would get no traffic at one of them. */
function endpointsOf(service: string, places: readonly Place[]): readonly Endpoint[] {
  const endpoints = places.map(endpointAt);
  const authorities = new Map<string, string>();
  for (const { id, address, port } of endpoints) {
    const authority = authorityOf({ address: normalAddress(address), port });
    const other = authorities.get(id) ?? authority;
    if (other !== authority)
      throw new Error(
        `it is not a valid list of services: ${service} has the id "${id}" at ${other} and at ${authority}`,
      );
    authorities.set(id, authority);
  }
  return endpoints;
}
