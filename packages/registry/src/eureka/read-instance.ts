import { AppError } from '@flotilla/contracts';
import { z } from 'zod';
import { type DataCenter, detailDefaults, type EurekaDetails, type EurekaPort } from './eureka-instance.ts';
import { readStatus } from './eureka-status.ts';

/** What a client registers. */
export interface GivenInstance {
  readonly details: EurekaDetails;
  /** In capitals. */
  readonly app: string;
  readonly id: string;
  readonly metadata: Readonly<Record<string, string>>;
}

/** Longer than any URL or name that clients send. */
const maxTextLength = 2_048;

/** Some clients write every value as a string, some write numbers and booleans; `null` is what nobody has set. */
const text = z
  .union([z.string().max(maxTextLength), z.number().transform(String), z.boolean().transform(String)])
  .nullish()
  .transform((value) => (value === null || value === '' ? undefined : value));
const number = z
  .union([z.int().min(0), z.string().regex(/^\d{1,15}$/, 'is not a whole number')])
  .nullish()
  .transform((value) => (value === null || value === undefined ? undefined : Number(value)));
const flag = z
  .union([z.boolean(), z.stringbool()])
  .nullish()
  .transform((value) => value ?? undefined);
const portNumber = number.refine((value) => value === undefined || value <= 65_535, 'is no port');

const port = z
  .union([
    z.object({ $: portNumber, '@enabled': flag }).transform(({ $, '@enabled': enabled }) => ({ port: $, enabled })),
    portNumber.transform((value) => ({ port: value, enabled: undefined })),
  ])
  .nullish();

/** Values that are not text become text; the class that Java's own maps are written with is none of them. */
const entries = z
  .preprocess(
    // An element of XML without anything in it.
    (value) => (value === '' || value === null ? {} : value),
    z.record(z.string(), z.union([z.string(), z.number().transform(String), z.boolean().transform(String), z.null()])),
  )
  .optional()
  .transform((map) => {
    const given = Object.entries(map ?? {}).filter(
      ([key, value]) => key !== '@class' && key !== '@version' && value !== null,
    );
    return Object.fromEntries(given.map(([key, value]) => [key, value ?? '']));
  });

const dataCenter = z.object({ '@class': text, class: text, name: text, metadata: entries }).nullish();

const instanceSchema = z.object({
  instanceId: text,
  hostName: text,
  app: text,
  ipAddr: text,
  appGroupName: text,
  asgName: text,
  status: text,
  port,
  securePort: port,
  countryId: number,
  dataCenterInfo: dataCenter,
  leaseInfo: z.object({ renewalIntervalInSecs: number, durationInSecs: number }).nullish(),
  metadata: entries,
  homePageUrl: text,
  statusPageUrl: text,
  healthCheckUrl: text,
  secureHealthCheckUrl: text,
  vipAddress: text,
  secureVipAddress: text,
  isCoordinatingDiscoveryServer: flag,
  lastDirtyTimestamp: number,
});

type Written = z.infer<typeof instanceSchema>;

/**
 * Reads an instance that a client registers as `app`, in the JSON of Eureka's clients or what {@link xmlAsJson} makes of XML.
 * What is missing is told in Eureka's words.
 *
 * @param app of the path, in capitals
 * @throws {AppError} INVALID_REQUEST
 */
export function readInstance(body: unknown, app: string, nowMs: number): GivenInstance {
  const read = instanceSchema.safeParse(body);
  if (!read.success) {
    const [issue] = read.error.issues;
    const field = issue?.path.join('.') ?? '';
    throw refusal(`Cannot read the instance: ${field === '' ? 'it is no object' : `${field} is not valid`}`);
  }
  const written = read.data;
  const { hostName, ipAddr, dataCenterInfo } = written;
  const id = written.instanceId ?? dataCenterInfo?.metadata['instance-id'] ?? hostName;
  if (id === undefined) throw refusal('Missing instanceId');
  if (hostName === undefined) throw refusal('Missing hostname');
  if (ipAddr === undefined) throw refusal('Missing ip address');
  if (written.app === undefined) throw refusal('Missing appName');
  if (written.app.toUpperCase() !== app) throw refusal(`Mismatched appName, expecting ${app} but was ${written.app}`);
  if (dataCenterInfo === undefined || dataCenterInfo === null) throw refusal('Missing dataCenterInfo');
  if (dataCenterInfo.name === undefined) throw refusal('Missing dataCenterInfo Name');
  const where = { hostName, ipAddr, dataCenter: dataCenterOf({ ...dataCenterInfo, name: dataCenterInfo.name }) };
  return { id, app, metadata: written.metadata, details: detailsOf(written, where, nowMs) };
}

function detailsOf(
  written: Written,
  where: Pick<EurekaDetails, 'hostName' | 'ipAddr' | 'dataCenter'>,
  nowMs: number,
): EurekaDetails {
  const { leaseInfo } = written;
  return {
    ...where,
    status: written.status === undefined ? 'UP' : readStatus(written.status),
    port: portOf(written.port, detailDefaults.port, true),
    securePort: portOf(written.securePort, detailDefaults.securePort, false),
    countryId: written.countryId ?? detailDefaults.countryId,
    renewalSeconds: leaseInfo?.renewalIntervalInSecs || detailDefaults.renewalSeconds,
    leaseSeconds: leaseInfo?.durationInSecs || detailDefaults.leaseSeconds,
    isCoordinating: written.isCoordinatingDiscoveryServer ?? false,
    dirtyMs: written.lastDirtyTimestamp ?? nowMs,
    ...textsOf(written),
  };
}

const optionalTexts = [
  'vipAddress',
  'secureVipAddress',
  'appGroupName',
  'asgName',
  'homePageUrl',
  'statusPageUrl',
  'healthCheckUrl',
  'secureHealthCheckUrl',
] as const;

/** The texts of an instance that need not be there; those that are. */
export type OptionalText = (typeof optionalTexts)[number];

function textsOf(written: Written): Partial<Record<OptionalText, string>> {
  const texts: Partial<Record<OptionalText, string>> = {};
  for (const name of optionalTexts) {
    const value = written[name];
    if (value !== undefined) texts[name] = name === 'appGroupName' ? value.toUpperCase() : value;
  }
  return texts;
}

function portOf(written: Written['port'], defaultPort: number, isEnabled: boolean): EurekaPort {
  return { port: written?.port ?? defaultPort, enabled: written?.enabled ?? isEnabled };
}

function dataCenterOf(written: NonNullable<Written['dataCenterInfo']> & { readonly name: string }): DataCenter {
  const { name, metadata } = written;
  const kind = name.toLowerCase() === 'amazon' ? 'AmazonInfo' : 'InstanceInfo$DefaultDataCenterInfo';
  const given = written['@class'] ?? written.class;
  return {
    // Not every client sends the class that Java's need to read it again.
    class: given?.includes('.') === true ? given : `com.netflix.appinfo.${kind}`,
    name,
    ...(Object.keys(metadata).length === 0 ? {} : { metadata }),
  };
}

function refusal(detail: string): AppError<'INVALID_REQUEST'> {
  return new AppError('INVALID_REQUEST', { detail });
}
