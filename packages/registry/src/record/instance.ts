import { type ServiceInstance, serviceInstanceSchema } from '@flotilla/contracts';
import { z } from 'zod';

/**
 * What the log keeps of an instance: what its registration says. The sign of life and the revision are beside it, and what
 * its status is made of are records of their own: what checks say, and what an operator wishes.
 */
export interface InstanceValue extends Omit<ServiceInstance, 'status' | 'last_seen' | 'revision'> {
  /** What its process shows when it renews, reports or deregisters; without one, anybody may. Never shown to readers. */
  readonly token?: string | undefined;
}

const tokenSchema = z.string().optional();

/** Names an instance in the log. Neither a name nor an id holds a slash. */
export function instanceKey(name: string, id: string): string {
  return `${name}/${id}`;
}

/** The name and the id in the key of an instance. */
export function placeOfInstance(key: string): readonly [name: string, id: string] {
  const end = key.indexOf('/');
  return [key.slice(0, end), key.slice(end + 1)];
}

/** Reads an instance's value; undefined if it is none. */
export function readInstance(value: object): InstanceValue | undefined {
  const parsed = serviceInstanceSchema.safeParse({ ...value, status: 'passing', last_seen: '', revision: 0 });
  const token = tokenSchema.safeParse('token' in value ? value.token : undefined);
  if (!parsed.success || !token.success) return undefined;
  const { status: _, last_seen: _seen, revision: _revision, ...instance } = parsed.data;
  return token.data === undefined ? instance : { ...instance, token: token.data };
}
