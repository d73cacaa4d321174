import { createHash } from 'node:crypto';
import { normalAddress } from '@flotilla/contracts';
import { type InstanceValue, instanceKey } from '../record/instance.ts';

/** The longest id that `instanceIdSchema` accepts. */
const maxIdLength = 128;

/**
 * One text per place that can be connected to: two spellings of one host (`Host`, `host`; `::1`, `0:0:0:0:0:0:0:1`)
 * give the same, so an instance that changes its spelling renews itself instead of standing there twice.
 */
export function endpointKey(address: string, port: number): string {
  return `${normalAddress(address)} ${port}`;
}

/**
 * The id of an instance that does not name one: the same three always give the same id, also after the registry has
 * forgotten them, so nothing that refers to the instance breaks.
 */
export function defaultInstanceId(name: string, address: string, port: number): string {
  const readable = `${name}-${address}-${port}`;
  if (readable.length <= maxIdLength) return readable;
  return `${name}-${createHash('sha256').update(endpointKey(address, port)).digest('hex').slice(0, 32)}`;
}

/** The place that belongs to an instance: where it is; for one that is known by its id alone, that. */
export function placeKey({ name, id, address, port, origin }: InstanceValue): string {
  return origin === undefined ? endpointKey(address, port) : instanceKey(name, id);
}
