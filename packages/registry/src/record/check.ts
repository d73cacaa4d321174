import { type InstanceStatus, instanceIdSchema, instanceStatuses, serviceNameSchema } from '@flotilla/contracts';
import { z } from 'zod';
import { instanceKey } from './instance.ts';

/** What a check says of an instance. One that passes needs no record. It goes with the instance. */
export interface CheckValue {
  readonly name: string;
  readonly id: string;
  /** Which check of the instance it is. */
  readonly check: string;
  readonly status: InstanceStatus;
}

/** The check that stands for what an instance's own process reports. */
export const ownReport = 'process';

/** Names a check of an instance in the log. */
export function checkKey(name: string, id: string, check: string): string {
  return `${instanceKey(name, id)}/${check}`;
}

/** The key of the instance that the check with `key` is about, and which check of it that is. */
export function placeOfCheck(key: string): readonly [instance: string, check: string] {
  const end = key.indexOf('/', key.indexOf('/') + 1);
  return [key.slice(0, end), key.slice(end + 1)];
}

export const checkSchema: z.ZodType<CheckValue> = z.object({
  name: serviceNameSchema,
  id: instanceIdSchema,
  check: z.string().min(1),
  status: z.enum(instanceStatuses),
});
