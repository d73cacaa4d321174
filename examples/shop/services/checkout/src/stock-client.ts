import type { ServiceCall } from '@flotilla/kit/idempotency';
import { z } from 'zod';
import type { ServiceClient } from './service-client.ts';

/** What stock says of a reservation. */
export interface Reservation {
  readonly state: 'held' | 'confirmed';
  /** Whether nobody has asked for it before. */
  readonly isNew: boolean;
}

/** What can be done with one reservation. */
export interface ReservationClient {
  reserve(item: string, count: number): Promise<Reservation>;
  confirm(): Promise<void>;
  release(): Promise<void>;
}

const answer = z.object({ state: z.enum(['held', 'confirmed']) });

/** The client of the reservation with this id. */
export function stockClient(
  stock: ServiceClient,
  id: string,
  { requestId, trace }: Pick<ServiceCall, 'requestId' | 'trace'>,
): ReservationClient {
  const path = `/reservations/${id}`;
  const context = { requestId, trace };
  return {
    async reserve(item, count) {
      const body = { item, count };
      const { status, value } = await stock.call({ ...context, method: 'PUT', path, body, schema: answer });
      return { state: value.state, isNew: status === 201 };
    },
    confirm: async () => void (await stock.call({ ...context, method: 'POST', path: `${path}/confirm` })),
    release: async () => void (await stock.call({ ...context, method: 'DELETE', path })),
  };
}
