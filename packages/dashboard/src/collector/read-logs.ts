import type { ExportLogsServiceRequest, LogRecord as Sent } from '@flotilla/kit/otlp';
import type { LogRecord } from '../store/index.ts';
import { readResource } from './read-resource.ts';
import { readAttributes, readId, readMicros, readValue } from './read-values.ts';
import { type Reading, Rejections } from './reading.ts';

/** The lines of a message. */
export function readLogs(message: ExportLogsServiceRequest): Reading {
  const batches = message.resourceLogs.map(({ resource, scopeLogs }) => ({
    resource: readResource(resource),
    logs: scopeLogs.flatMap(({ logRecords, scope }) => logRecords.map((log) => readLog(log, scope?.name ?? ''))),
  }));
  return new Rejections().reading(batches);
}

function readLog(log: Sent, scope: string): LogRecord {
  const nanos = log.timeUnixNano === 0n ? log.observedTimeUnixNano : log.timeUnixNano;
  const body = readValue(log.body);
  const attributes = readAttributes(log.attributes);
  const isText = typeof body === 'string';
  return {
    atUs: nanos === 0n ? undefined : readMicros(nanos),
    severity: severityOf(log),
    message: isText ? body : (messageIn(body) ?? (log.eventName || (body === null ? '' : JSON.stringify(body)))),
    fields: {
      ...attributes,
      ...(isText || body === null ? {} : { body }),
      ...(log.eventName === '' ? {} : { 'event.name': log.eventName }),
      ...(scope === '' ? {} : { 'otel.scope.name': scope }),
    },
    // A line with a damaged id is still a line.
    traceId: readId(log.traceId, 16),
    spanId: readId(log.spanId, 8),
  };
}

/** What structured bodies call their text. */
function messageIn(body: unknown): string | undefined {
  if (typeof body !== 'object' || body === null) return undefined;
  for (const name of ['message', 'msg']) {
    const text: unknown = Object.hasOwn(body, name) ? Reflect.get(body, name) : undefined;
    if (typeof text === 'string') return text;
  }
  return undefined;
}

/** The names of levels that do not begin like one of OpenTelemetry's. */
const words: readonly (readonly [RegExp, number])[] = [
  [/^(?:trace|verbose|finest|silly)/i, 1],
  [/^(?:debug|fine)/i, 5],
  [/^(?:info|notice|log)/i, 9],
  [/^warn/i, 13],
  [/^err/i, 17],
  [/^(?:fatal|crit|alert|emerg|panic)/i, 21],
];

const info = 9;

/** By its number, else by its text. A line that says nothing is an `info`. */
function severityOf({ severityNumber, severityText }: Sent): number {
  if (severityNumber >= 1 && severityNumber <= 24) return severityNumber;
  return words.find(([pattern]) => pattern.test(severityText))?.[1] ?? info;
}
