import {
  type CheckDefinition,
  checkDefinitionSchema,
  checkIdSchema,
  type InstanceStatus,
  instanceIdSchema,
  instanceStatuses,
  serviceNameSchema,
} from '@flotilla/contracts';
import { z } from 'zod';
import { instanceKey } from './instance.ts';

/** What a check is, and what it says of an instance. It goes with the instance. */
export interface CheckValue {
  readonly name: string;
  readonly id: string;
  /** Which check of the instance it is. */
  readonly check: string;
  /** Never `maintenance`, but where an earlier version has written it. */
  readonly status: InstanceStatus;
  /** What was found when the status changed last. What is found later without another status is in memory alone. */
  readonly output?: string | undefined;
  /** What the registry does to find out; undefined: it takes what is reported. */
  readonly definition?: CheckDefinition | undefined;
  /** A name for people. Default: the check's. */
  readonly title?: string | undefined;
  readonly notes?: string | undefined;
  /** Wall-clock time of the last change of the status, in milliseconds since the Unix epoch. */
  readonly changedMs?: number | undefined;
}

/** Names a check of an instance. */
export interface CheckPlace {
  readonly name: string;
  readonly id: string;
  readonly check: string;
}

/**
 * The check that stands for what an instance's own process reports. Alone among them it has no record while it passes and has
 * nothing to say.
 */
export const ownReport = 'process';

/** The longest output of a check that is kept, in characters, as in Consul. */
export const maxOutputLength = 4_096;

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
  check: checkIdSchema,
  status: z.enum(instanceStatuses),
  output: z.string().optional(),
  definition: checkDefinitionSchema.optional(),
  title: z.string().optional(),
  notes: z.string().optional(),
  changedMs: z.number().optional(),
});
