import { z } from 'zod';
import { announcedAddressSchema } from './address.ts';
import { rule, ruleIssue } from './field-rule.ts';
import { portSchema } from './port.ts';

/** What a check says. The words are Consul's. */
export const checkStatuses = ['passing', 'warning', 'critical'] as const;
export type CheckStatus = (typeof checkStatuses)[number];

/** What all kinds of checks have in common. */
export interface CheckRules {
  /** Unique among the instance's checks. Default: its type; with several of one type, `http`, `http-2`, … */
  readonly id?: string | undefined;
  /** A name for people. Default: the id. */
  readonly title?: string | undefined;
  /** Anything else for people. */
  readonly notes?: string | undefined;
  /** How many failures in a row make a `warning`. Default: none does. */
  readonly failures_before_warning?: number | undefined;
  /** How many failures in a row make it `critical`. Default 2: one lost packet is no outage. */
  readonly failures_before_critical?: number | undefined;
  /** How many successes in a row make it `passing` again. Default 1. */
  readonly successes_before_passing?: number | undefined;
  /** How long it may be `critical` until the instance is removed, in milliseconds, from 1000. Default: it stays. */
  readonly deregister_after_ms?: number | undefined;
  /** What it says until its first result. Default `passing` for an instance that has just registered: it has just said so itself. */
  readonly initial_status?: CheckStatus | undefined;
}

/** How a check is made that the registry makes by itself. */
export interface ProbeTiming {
  /** From the beginning of one probe to the next, in milliseconds, from 1000. Default 10 000. */
  readonly interval_ms?: number | undefined;
  /** How long an answer may take, in milliseconds. Default 5000, or the interval if that is shorter. */
  readonly timeout_ms?: number | undefined;
}

/** The instance, or somebody for it, has to report within `ttl_ms` again and again. */
export interface TtlCheck extends CheckRules {
  readonly type: 'ttl';
  readonly ttl_ms: number;
}

/** An HTTP request: 2xx is `passing`, 429 `warning`, everything else a failure. Redirects are not followed. */
export interface HttpCheck extends CheckRules, ProbeTiming {
  readonly type: 'http';
  /** A whole URL; or a path at the instance's own address and port. Default: the path `/health`. */
  readonly url?: string | undefined;
  readonly path?: string | undefined;
  /** Default GET. */
  readonly method?: string | undefined;
  readonly headers?: Readonly<Record<string, readonly string[]>> | undefined;
  readonly body?: string | undefined;
  /** Whether a certificate is not checked. Default false. */
  readonly tls_skip_verify?: boolean | undefined;
}

/** Whether a TCP connection can be made. */
export interface TcpCheck extends CheckRules, ProbeTiming {
  readonly type: 'tcp';
  /** Default: the instance's. */
  readonly address?: string | undefined;
  /** Default: the instance's. */
  readonly port?: number | undefined;
}

/** The standard health service of gRPC, `grpc.health.v1.Health/Check`. */
export interface GrpcCheck extends CheckRules, ProbeTiming {
  readonly type: 'grpc';
  /** Default: the instance's. */
  readonly address?: string | undefined;
  /** Default: the instance's. */
  readonly port?: number | undefined;
  /** The service that is asked for. Default: the server as a whole. */
  readonly service?: string | undefined;
  /** Default false. */
  readonly tls?: boolean | undefined;
  /** Whether a certificate is not checked. Default false. */
  readonly tls_skip_verify?: boolean | undefined;
}

/** What the registry does to find out how well an instance is. */
export type CheckDefinition = TtlCheck | HttpCheck | TcpCheck | GrpcCheck;

/** The most checks of one instance. */
export const maxChecks = 16;

/** The shortest interval, time to live and time until an instance is removed, in milliseconds. */
const minMs = 1_000;
/** The longest of any of them: a day, as for a lease. */
const maxMs = 86_400_000;

/** A check's id. Consul's clients use colons and underscores. */
export const checkIdSchema: z.ZodType<string> = z
  .string()
  .min(1)
  .max(192)
  .refine((id) => /^[A-Za-z0-9_][A-Za-z0-9._:@-]*$/.test(id), rule('NOT_A_CHECK_ID'));

const text = z.string().max(256).optional();
const count = z.int().min(1).max(100).optional();
const span = z.int().min(minMs).max(maxMs);
const rules = {
  id: checkIdSchema.optional(),
  title: text,
  notes: z.string().max(1_024).optional(),
  failures_before_warning: count,
  failures_before_critical: count,
  successes_before_passing: count,
  deregister_after_ms: span.optional(),
  initial_status: z.enum(checkStatuses).optional(),
};
const timing = { interval_ms: span.optional(), timeout_ms: z.int().min(1).max(maxMs).optional() };
const place = { address: announcedAddressSchema.optional(), port: portSchema.optional() };
const headerName = z
  .string()
  .max(128)
  .refine((name) => /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/.test(name), rule('WRONG_FORMAT'));
const headerValue = z
  .string()
  .max(1_024)
  .refine((value) => /^[\t\x20-\x7e]*$/.test(value), rule('CONTROL_CHARACTER'));

/** Checks a {@link CheckDefinition}. Unknown fields are refused, so that a misspelt option is noticed. */
export const checkDefinitionSchema: z.ZodType<CheckDefinition> = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('ttl'), ttl_ms: span, ...rules }),
  z.strictObject({
    type: z.literal('http'),
    url: z
      .string()
      .max(2_048)
      .refine((url) => /^https?:\/\/[^\s]+$/i.test(url) && URL.canParse(url), rule('NOT_AN_HTTP_URL'))
      .optional(),
    path: z
      .string()
      .max(2_048)
      .refine((path) => /^\/[\x21-\x7e]*$/.test(path), rule('NOT_A_PATH'))
      .optional(),
    method: z
      .string()
      .max(16)
      .refine((method) => /^[A-Z]+$/.test(method) && method !== 'CONNECT', rule('WRONG_FORMAT'))
      .optional(),
    headers: z.record(headerName, z.array(headerValue).max(16)).optional(),
    body: z.string().max(8_192).optional(),
    tls_skip_verify: z.boolean().optional(),
    ...timing,
    ...rules,
  }),
  z.strictObject({ type: z.literal('tcp'), ...place, ...timing, ...rules }),
  z.strictObject({
    type: z.literal('grpc'),
    ...place,
    service: z.string().max(256).optional(),
    tls: z.boolean().optional(),
    tls_skip_verify: z.boolean().optional(),
    ...timing,
    ...rules,
  }),
]);

/** Checks the checks of one instance: each id once. */
export const checkDefinitionsSchema: z.ZodType<readonly CheckDefinition[]> = z
  .array(checkDefinitionSchema)
  .max(maxChecks)
  .superRefine((checks, context) => {
    const seen = new Set<string>();
    for (const [index, { id }] of checks.entries()) {
      if (id === undefined) continue;
      if (seen.has(id)) context.addIssue({ ...ruleIssue('GIVEN_TWICE'), path: [index, 'id'] });
      seen.add(id);
    }
  });
