import { otelAttributes, readOwnLine, severityNumber } from '../logger/index.ts';

/** A log line as OpenTelemetry sees it. */
export interface OtelLog {
  /** Milliseconds since the epoch. */
  readonly atMs: number;
  /** OpenTelemetry's number; 0: unknown. */
  readonly severity: number;
  readonly severityText: string;
  readonly body: string;
  /** Values from JSON. */
  readonly attributes: Readonly<Record<string, unknown>>;
  /** Hex digits; undefined: the line is about no trace. */
  readonly traceId: string | undefined;
  readonly spanId: string | undefined;
}

/** Fields that say who writes: the resource does. */
const ofResource: ReadonlySet<string> = new Set(['service', 'instance']);
/** Fields that a record has places of its own for. */
const ofRecord: ReadonlySet<string> = new Set(['level', 'time', 'msg', 'traceId', 'spanId']);

/** The record of a line that one of our loggers has written in any profile; undefined if it is none. */
export function otelLogOf(line: string): OtelLog | undefined {
  const read = readOwnLine(line);
  if (read === undefined) return undefined;
  const { level, time, msg } = read;
  const traceId = idOf(read['traceId'], 32);
  const spanId = traceId === undefined ? undefined : idOf(read['spanId'], 16);
  const fields: Record<string, unknown> = {};
  for (const name of Object.keys(read)) if (!ofRecord.has(name) && !ofResource.has(name)) fields[name] = read[name];
  // Somebody's own ids are not those of a trace.
  if (traceId === undefined && read['traceId'] !== undefined) fields['traceId'] = read['traceId'];
  if (spanId === undefined && read['spanId'] !== undefined) fields['spanId'] = read['spanId'];
  const atMs = Date.parse(String(time));
  const severityText = String(level);
  return {
    atMs: Number.isNaN(atMs) ? 0 : atMs,
    severity: severityNumber(severityText),
    severityText: severityText.toUpperCase(),
    body: String(msg),
    attributes: otelAttributes(fields, msg),
    traceId,
    spanId,
  };
}

function idOf(id: unknown, digits: number): string | undefined {
  return typeof id === 'string' && id.length === digits && /^[0-9a-f]+$/.test(id) && !/^0+$/.test(id) ? id : undefined;
}
