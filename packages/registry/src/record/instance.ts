import { type ServiceInstance, sameMetadata, sameTags, serviceInstanceSchema } from '@flotilla/contracts';
import { z } from 'zod';
import { isSameJson, type JsonObject } from './json-object.ts';

/** Which API of another registry an instance was registered by; without one, ours. */
export type Origin = 'consul' | 'eureka';

/** What an instance is shown as beside what its registration says. */
type Shown = 'status' | 'ready' | 'serving' | 'draining' | 'suspect_since' | 'last_seen' | 'revision';

/**
 * What the log keeps of an instance: what its registration says. The sign of life and the revision are beside it, and what
 * its status is made of are records of their own: what checks say, and what an operator wishes.
 */
export interface InstanceValue extends Omit<ServiceInstance, Shown> {
  /** What its process shows when it renews, reports or deregisters; without one, anybody may. Never shown to readers. */
  readonly token?: string | undefined;
  /**
   * Set for an instance that is known by its name and id alone: others may be at its address and port, and it may have no port
   * (0). Undefined: one place belongs to one instance.
   */
  readonly origin?: Origin | undefined;
  /** What that API wants back as it was given. Ours never shows it. */
  readonly extra?: JsonObject | undefined;
  /** It gets no new work, but what it has begun goes on. Ends with the registration. */
  readonly draining?: true | undefined;
  /**
   * RFC 3339, UTC: since when its lease has been over while it is kept, because too many lapsed at once to be believed. The next
   * sign of life ends it.
   */
  readonly suspect_since?: string | undefined;
}

/** Names an instance in the log. Neither a name nor an id holds a slash. */
export function instanceKey(name: string, id: string): string {
  return `${name}/${id}`;
}

/** The name and the id in the key of an instance. */
export function placeOfInstance(key: string): readonly [name: string, id: string] {
  const end = key.indexOf('/');
  return [key.slice(0, end), key.slice(end + 1)];
}

/** Whether two values of one instance say the same, metadata in any order. */
export function saysSame(a: InstanceValue, b: InstanceValue): boolean {
  return (
    a === b ||
    (a.address === b.address &&
      a.port === b.port &&
      a.weight === b.weight &&
      a.lease_ms === b.lease_ms &&
      a.token === b.token &&
      a.origin === b.origin &&
      a.draining === b.draining &&
      a.suspect_since === b.suspect_since &&
      sameTags(a.tags, b.tags) &&
      sameMetadata(a.metadata, b.metadata) &&
      isSameJson(a.extra, b.extra))
  );
}

const besideSchema = z.object({
  token: z.string().optional(),
  origin: z.enum(['consul', 'eureka']).optional(),
  extra: z.custom<JsonObject>((value) => typeof value === 'object' && value !== null).optional(),
  draining: z.literal(true).optional(),
  suspect_since: z.string().optional(),
});

/** Reads an instance's value; undefined if it is none. */
export function readInstance(value: object): InstanceValue | undefined {
  const parsed = serviceInstanceSchema.safeParse({ ...value, status: 'passing', last_seen: '', revision: 0 });
  const beside = besideSchema.safeParse(value);
  if (!parsed.success || !beside.success) return undefined;
  const { name, id, address, port, tags, metadata, weight, lease_ms, registered_at } = parsed.data;
  // Only those that are there: what is not given has no place in the JSON either.
  return { name, id, address, port, tags, metadata, weight, lease_ms, registered_at, ...beside.data };
}
