import type { WholeAnswer } from '@flotilla/contracts/http-client';

/** The index to wait for next: at least 1, as 0 would not wait at all. */
export function indexOf({ headers }: WholeAnswer): bigint {
  const text = headers['x-consul-index'];
  if (typeof text !== 'string' || !/^\d{1,20}$/.test(text))
    throw new Error('the answer has no X-Consul-Index; is this the address of a Consul agent?');
  const index = BigInt(text);
  return index < 1n ? 1n : index;
}
