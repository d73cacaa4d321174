import { z } from 'zod';

/** Numbers come as text from some servers, and the other way round. */
const wholeNumber = z.union([
  z.int(),
  z
    .string()
    .regex(/^-?\d{1,16}$/)
    .transform(Number),
]);
const yesOrNo = z.union([z.boolean(), z.enum(['true', 'false']).transform((text) => text === 'true')]);
const portSchema = z.union([
  z.object({ $: wholeNumber, '@enabled': yesOrNo }).transform((port) => (port['@enabled'] ? port.$ : undefined)),
  wholeNumber,
]);
/** Servers write a list of one as the one. */
function listOf<T>(one: z.ZodType<T>): z.ZodType<readonly T[]> {
  return z.union([z.array(one), one.transform((single) => [single])]);
}

/** An instance as a Eureka server shows it: what we look at of it. */
export interface EurekaInstance {
  readonly instanceId?: string | undefined;
  readonly hostName: string;
  readonly app: string;
  readonly ipAddr?: string | undefined;
  /** UP, DOWN, STARTING, OUT_OF_SERVICE or UNKNOWN; with an operator's override already applied. */
  readonly status: string;
  /** Nothing: not enabled. */
  readonly port?: number | null | undefined;
  readonly securePort?: number | null | undefined;
  readonly metadata?: Readonly<Record<string, unknown>> | null | undefined;
  readonly vipAddress?: string | null | undefined;
  readonly lastDirtyTimestamp?: number | undefined;
  /** In a delta: ADDED, MODIFIED or DELETED. */
  readonly actionType?: string | undefined;
}

const instanceSchema: z.ZodType<EurekaInstance> = z.object({
  instanceId: z.string().optional(),
  hostName: z.string(),
  app: z.string(),
  ipAddr: z.string().optional(),
  status: z.string(),
  port: portSchema.nullish(),
  securePort: portSchema.nullish(),
  metadata: z.record(z.string(), z.unknown()).nullish(),
  vipAddress: z.string().nullish(),
  lastDirtyTimestamp: wholeNumber.optional(),
  actionType: z.string().optional(),
});

/** What `GET /apps/{APP}/{id}` answers. */
export const oneInstanceSchema: z.ZodType<{ readonly instance: EurekaInstance }> = z.object({
  instance: instanceSchema,
});

/** What `GET /apps` and `GET /apps/delta` answer. */
export interface EurekaApplications {
  /** How many instances have each status, as the client has to have them too: `DOWN_1_UP_2_`. */
  readonly hash: string | undefined;
  readonly instances: readonly EurekaInstance[];
}

const applicationSchema = z.object({ instance: listOf(instanceSchema).nullish() });
const applicationsSchema = z.object({
  applications: z.object({
    apps__hashcode: z.string().optional(),
    application: listOf(applicationSchema).nullish(),
  }),
});

/** Reads an answer of `GET /apps` or `GET /apps/delta`. */
export function readApplications(answer: unknown): EurekaApplications {
  const { apps__hashcode: hash, application } = applicationsSchema.parse(answer).applications;
  return { hash, instances: (application ?? []).flatMap(({ instance }) => instance ?? []) };
}

/** What an instance is known by: ids are unique in an application only. */
export function keyOf({ app, instanceId, hostName }: EurekaInstance): string {
  return `${app}/${instanceId ?? hostName}`;
}
