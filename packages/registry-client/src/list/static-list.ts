import type { Reading } from '@flotilla/contracts';
import { type Endpoint, serviceNameSchema } from '@flotilla/contracts';
import { endpointAt, readPlace } from './place.ts';

/** The endpoints of services, by their names. */
export type ServiceList = ReadonlyMap<string, readonly Endpoint[]>;

/**
 * Reads `static:user-service=127.0.0.1:8001,user-service=[::1]:8003,order-service=10.0.0.7:8002`: a service with several
 * instances is named for each.
 */
export function readStaticList(url: string): Reading<ServiceList> {
  const list = new Map<string, Endpoint[]>();
  const entries = url.trim().slice('static:'.length).split(',');
  for (const [index, entry] of entries.entries()) {
    const [name = '', where = '', ...more] = entry.split('=').map((part) => part.trim());
    const place = more.length === 0 ? readPlace(where) : undefined;
    if (!serviceNameSchema.safeParse(name).success || place === undefined) {
      const which = entries.length === 1 ? '' : ` in entry ${index + 1}`;
      return { ok: false, problem: `is not service=address:port${which} (write an IPv6 address in brackets)` };
    }
    list.set(name, [...(list.get(name) ?? []), endpointAt(place)]);
  }
  return { ok: true, value: list };
}
