import { type CheckStatus, checkStatuses } from '@flotilla/contracts';
import { z } from 'zod';
import type { JsonObject } from './json-object.ts';

/** A check of a machine, which says something of all instances on it. */
export interface NodeCheck {
  readonly check: string;
  readonly title: string;
  readonly notes: string;
  readonly status: CheckStatus;
  readonly output: string;
  /** `ttl` if it has to be reported again and again, `maintenance`, or whatever its reporter calls it. */
  readonly type: string;
  /** Within which time it has to be reported again, in milliseconds. Undefined: it stays as it is. */
  readonly ttlMs?: number | undefined;
}

/**
 * A machine that Consul's clients have told of, or that they have said something of: ours as well. Instances name the one they are
 * on in their `extra`; those that name none are on ours.
 */
export interface NodeValue {
  readonly node: string;
  /** Empty for ours, which is where the settings say. */
  readonly address: string;
  /** What is to be given back as it came: id, tagged addresses, metadata, locality, coordinate. */
  readonly extra: JsonObject;
  /** By id. */
  readonly checks: readonly NodeCheck[];
}

/** The longest name of a node. */
export const maxNodeNameLength = 128;

const checkSchema: z.ZodType<NodeCheck> = z.object({
  check: z.string().min(1),
  title: z.string(),
  notes: z.string(),
  status: z.enum(checkStatuses),
  output: z.string(),
  type: z.string(),
  ttlMs: z.number().optional(),
});

export const nodeSchema: z.ZodType<NodeValue> = z.object({
  node: z.string().min(1).max(maxNodeNameLength),
  address: z.string(),
  extra: z.custom<JsonObject>((value) => typeof value === 'object' && value !== null && !Array.isArray(value)),
  checks: z.array(checkSchema),
});
