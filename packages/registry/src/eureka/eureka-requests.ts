import { AppError } from '@flotilla/contracts';
import { readQuality } from '@flotilla/contracts/quality';
import { z } from 'zod';
import type { Format } from './documents.ts';
import { type EurekaStatus, eurekaStatuses } from './eureka-status.ts';
import type { EurekaPlace } from './eureka-writes.ts';

/** The headers that matter here. */
type Headers = Readonly<Record<string, string | string[] | undefined>>;

/** What a client wants to read: XML unless it names JSON, as Eureka has it. */
export function formatOf(headers: Headers): Format {
  const media = /json/i.test(String(headers['accept'] ?? '')) ? 'json' : 'xml';
  return { media, form: String(headers['x-eureka-accept'] ?? '').toLowerCase() === 'compact' ? 'compact' : 'full' };
}

/** Whether a client reads gzip. */
export function acceptsGzip(headers: Headers): boolean {
  return String(headers['accept-encoding'] ?? '')
    .split(',')
    .some((part) => {
      const [coding = '', ...parameters] = part.split(';');
      return /^\s*(?:x-)?gzip\s*$/i.test(coding) && readQuality(parameters) > 0;
    });
}

const parameter = z.string().min(1).max(1_024);

/** The parameters of paths about an application: its name in capitals, whatever is written. */
export const appSchema: z.ZodType<{ readonly app: string }> = z.object({ app: parameter.transform(inCapitals) });

/** The parameters of paths about an instance. */
export const placeSchema: z.ZodType<EurekaPlace> = z.object({ app: parameter.transform(inCapitals), id: parameter });

/** The parameters of paths with one name. */
export const keySchema: z.ZodType<{ readonly key: string }> = z.object({ key: parameter });

/** A parameter of the query; the last one where it is repeated. */
function queryText(query: unknown, name: string): string | undefined {
  const value = z.record(z.string(), z.union([z.string(), z.array(z.string())])).safeParse(query).data?.[name];
  return typeof value === 'string' ? value : value?.at(-1);
}

/** Every parameter of the query, the last one where one is repeated. */
export function queryTexts(query: unknown): Readonly<Record<string, string>> {
  const given = z.record(z.string(), z.union([z.string(), z.array(z.string())])).safeParse(query).data ?? {};
  return Object.fromEntries(
    Object.entries(given).map(([name, value]) => [name, typeof value === 'string' ? value : (value.at(-1) ?? '')]),
  );
}

/** When a client last changed what it says, if its request tells. @throws {AppError} INVALID_REQUEST */
export function dirtyMsOf(query: unknown): number | undefined {
  const text = queryText(query, 'lastDirtyTimestamp');
  // Clients in Java write `null` for what they do not know.
  if (text === undefined || text === '' || text === 'null') return undefined;
  if (/^\d{1,15}$/.test(text)) return Number(text);
  throw new AppError('INVALID_REQUEST', { detail: 'Invalid lastDirtyTimestamp: it is milliseconds since 1970' });
}

/** The status that a request is about. @throws {AppError} INVALID_REQUEST */
export function statusOf(query: unknown): EurekaStatus {
  const text = queryText(query, 'value')?.toUpperCase();
  const status = eurekaStatuses.find((each) => each === text);
  if (status !== undefined) return status;
  throw new AppError('INVALID_REQUEST', { detail: `Invalid status: set value to one of ${eurekaStatuses.join(', ')}` });
}

function inCapitals(text: string): string {
  return text.toUpperCase();
}
