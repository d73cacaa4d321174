import { z } from 'zod';
import { addressSchema, announcedAddressSchema } from './address.ts';
import { type CheckDefinition, checkDefinitionsSchema } from './check-definition.ts';
import { rule, ruleIssue } from './field-rule.ts';
import { portSchema } from './port.ts';

/** The longest name of a service: one DNS label (RFC 1035), so names can be served over DNS. */
export const maxServiceNameLength = 63;

/** How long an instance lives without a sign of life, by default: the tutorial's 60 s. */
export const defaultLeaseMs = 60_000;
/** With a shorter lease, one lost packet would be an outage. */
export const minLeaseMs = 1_000;
/** A longer lease would keep a dead instance for more than a day. */
export const maxLeaseMs = 86_400_000;

/** How many entries the metadata of an instance may have. */
export const maxMetadataEntries = 64;

/**
 * Whether an instance should get traffic. `passing` and `warning` are served; `critical` and `maintenance` are not.
 * The words are Consul's, so its clients can be answered without translation.
 */
export const instanceStatuses = ['passing', 'warning', 'critical', 'maintenance'] as const;
export type InstanceStatus = (typeof instanceStatuses)[number];

/** Whether an instance with this status is handed to callers. */
export function isServed(status: InstanceStatus): boolean {
  return status === 'passing' || status === 'warning';
}

/** Whether an instance gets new work. A port of 0 is none to connect to. */
export function isReady({ serving, draining, port }: Pick<ServiceInstance, 'serving' | 'draining' | 'port'>): boolean {
  return serving && !draining && port > 0;
}

/** A service's name: lower or upper case letters, digits, `-`, `_` and `.`, beginning with a letter or digit. */
export const serviceNameSchema: z.ZodType<string> = z
  .string()
  .min(1)
  .max(maxServiceNameLength)
  .refine((name) => /^[A-Za-z0-9][A-Za-z0-9._-]*$/.test(name), rule('NOT_A_SERVICE_NAME'));

/** An instance's id: what may stand in a URL path without being encoded. */
export const instanceIdSchema: z.ZodType<string> = z
  .string()
  .min(1)
  .max(128)
  .refine((id) => /^[A-Za-z0-9][A-Za-z0-9._:@-]*$/.test(id), rule('NOT_AN_INSTANCE_ID'));

const tagSchema = z
  .string()
  .min(1)
  .max(64)
  .refine((tag) => /^[\x21-\x7e]*$/.test(tag), rule('NOT_A_TAG'));
const metadataSchema = z
  .record(z.string().min(1).max(64), z.string().max(512))
  .refine((value) => Object.keys(value).length <= maxMetadataEntries, rule('TOO_MANY', { max: maxMetadataEntries }));

/**
 * What an instance says about itself when it registers: the body of `POST /register`. Only the first three fields are
 * required.
 */
export interface Registration {
  readonly name: string;
  readonly address: string;
  readonly port: number;
  /** Default: made from name, address and port, so that registering the same three again renews. */
  readonly id?: string | undefined;
  readonly tags?: readonly string[] | undefined;
  readonly metadata?: Readonly<Record<string, string>> | undefined;
  /** Share of the traffic in proportion to the other instances' weights; 0 = only when no other is left. Default 1. */
  readonly weight?: number | undefined;
  /** Default `passing`. */
  readonly status?: InstanceStatus | undefined;
  /**
   * How long the instance lives without a sign of life, in milliseconds. Default 60 000. 0, which needs `checks`: it lives until
   * it is deregistered, or a check says that it is gone.
   */
  readonly lease_ms?: number | undefined;
  /** What the registry checks by itself. Default: what is there already, at first nothing. An empty list ends them all. */
  readonly checks?: readonly CheckDefinition[] | undefined;
}

/** Checks a {@link Registration}. Unknown fields are refused, so that a misspelt option is noticed. */
export const registrationSchema: z.ZodType<Registration> = z
  .strictObject({
    name: serviceNameSchema,
    address: announcedAddressSchema,
    port: portSchema,
    id: instanceIdSchema.optional(),
    tags: z.array(tagSchema).max(32).optional(),
    metadata: metadataSchema.optional(),
    weight: z.int().min(0).max(1000).optional(),
    status: z.enum(instanceStatuses).optional(),
    lease_ms: z.int().min(0).max(maxLeaseMs).optional(),
    checks: checkDefinitionsSchema.optional(),
  })
  .superRefine(({ lease_ms: leaseMs, checks = [] }, context) => {
    if (leaseMs === undefined || leaseMs >= minLeaseMs || (leaseMs === 0 && checks.length > 0)) return;
    context.addIssue({ ...ruleIssue('LEASE_TOO_SHORT', { min: minLeaseMs }), path: ['lease_ms'] });
  });

/** One instance as the registry shows it. */
export interface ServiceInstance {
  readonly name: string;
  readonly id: string;
  readonly address: string;
  readonly port: number;
  readonly tags: readonly string[];
  readonly metadata: Readonly<Record<string, string>>;
  readonly weight: number;
  readonly status: InstanceStatus;
  /** Whether it gets new work: it is serving, not draining, and has a port. */
  readonly ready: boolean;
  /** Whether it can answer, as far as its status says. One that is draining still does. */
  readonly serving: boolean;
  /** Whether it is going: it finishes what it has begun, and gets nothing new. */
  readonly draining: boolean;
  /**
   * RFC 3339, UTC: its lease ran out then, together with those of too many others to be believed. It is kept until it gives a
   * sign of life, or the registry gives it up.
   */
  readonly suspect_since?: string | undefined;
  /** 0: it lives until it is deregistered. */
  readonly lease_ms: number;
  /** RFC 3339, UTC: the last registration or renewal. */
  readonly last_seen: string;
  /** RFC 3339, UTC: the first registration. */
  readonly registered_at: string;
  /** The registry's revision at which this record was last changed; a renewal does not change it. */
  readonly revision: number;
}

/**
 * Checks a {@link ServiceInstance} that came over the wire. Unknown fields are passed over, so a newer registry can be understood;
 * what an older one does not say follows from the status.
 */
export const serviceInstanceSchema: z.ZodType<ServiceInstance> = z
  .object({
    name: serviceNameSchema,
    id: instanceIdSchema,
    address: addressSchema,
    port: z.int().min(0).max(65_535),
    tags: z.array(z.string()),
    metadata: z.record(z.string(), z.string()),
    weight: z.int(),
    status: z.enum(instanceStatuses),
    ready: z.boolean().optional(),
    serving: z.boolean().optional(),
    draining: z.boolean().default(false),
    suspect_since: z.string().optional(),
    lease_ms: z.int(),
    last_seen: z.string(),
    registered_at: z.string(),
    revision: z.int(),
  })
  .transform((given): ServiceInstance => {
    const serving = given.serving ?? isServed(given.status);
    return {
      ...given,
      serving,
      ready: given.ready ?? isReady({ serving, draining: given.draining, port: given.port }),
    };
  });
