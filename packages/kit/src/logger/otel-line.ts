import { errorNameOf, flatError, isObject, textOf, unflattened, withoutUndefined } from './flat-error.ts';
import type { LineShape, PlainFields } from './line-shape.ts';
import { type Renaming, type Renamings, renamedBack, renamingOf } from './renamed-fields.ts';
import { severityNumber } from './severity.ts';

const renamings: Renamings = {
  always: new Map(Object.entries<Renaming>({ code: { name: 'error.type' } })),
  ofRequest: new Map(
    Object.entries<Renaming>({
      method: { name: 'http.request.method' },
      path: { name: 'url.path' },
      route: { name: 'http.route' },
      status: { name: 'http.response.status_code' },
      requestBytes: { name: 'http.request.body.size' },
      responseBytes: { name: 'http.response.body.size' },
      client: { name: 'client.address' },
    }),
  ),
};

/** OpenTelemetry's log data model in JSON: `body`, `severity_number`, `trace_id`, `attributes`, `resource`. */
export const otelShape: LineShape = {
  timeName: 'timestamp',
  messageName: 'body',
  level: (level) => ({ severity_text: level.toUpperCase(), severity_number: severityNumber(level) }),
  base: (service, instance) => ({ resource: { 'service.name': service, 'service.instance.id': instance } }),
  fields({ traceId, spanId, ...fields }, message, trace) {
    const attributes = otelAttributes(fields, message);
    return {
      ...withoutUndefined({
        trace_id: trace?.traceId ?? traceId,
        span_id: trace?.spanId ?? spanId,
        trace_flags: trace === undefined ? undefined : trace.sampled ? '01' : '00',
      }),
      ...(Object.keys(attributes).length === 0 ? {} : { attributes }),
    };
  },
};

/** The fields of a line by the names of OpenTelemetry's conventions, where they have some; an error as `exception.…`. */
export function otelAttributes(fields: PlainFields, message: unknown): Record<string, unknown> {
  const errorName = errorNameOf(fields);
  const attributes: Record<string, unknown> = {};
  for (const [field, value] of Object.entries(fields)) {
    if (field === errorName || value === undefined) continue;
    attributes[renamingOf(renamings, field, message)?.name ?? field] = value;
  }
  if (errorName === undefined) return attributes;
  const { type, message: text, stack, code, details } = flatError(fields[errorName]);
  return {
    ...attributes,
    ...withoutUndefined({
      'exception.type': type,
      'exception.message': text,
      'exception.stacktrace': stack,
      'exception.details': details,
      'error.type': attributes['error.type'] ?? code,
    }),
  };
}

/** The fields of a line in this form, as the native profile has them; undefined if it is in another. */
export function readOtelLine(line: PlainFields): Record<string, unknown> | undefined {
  const { timestamp, body, severity_text: level, trace_id: traceId, span_id: spanId, attributes, resource } = line;
  if (timestamp === undefined || typeof body !== 'string' || typeof level !== 'string') return undefined;
  const {
    'exception.type': type,
    'exception.message': text,
    'exception.stacktrace': stack,
    'exception.details': details,
    ...fields
  } = isObject(attributes) ? attributes : {};
  const isError = type !== undefined || text !== undefined || stack !== undefined;
  const err = isError
    ? unflattened({
        type: textOf(type),
        message: textOf(text),
        stack: textOf(stack),
        code: undefined,
        details: isObject(details) ? details : undefined,
      })
    : undefined;
  const { 'service.name': service, 'service.instance.id': instance } = isObject(resource) ? resource : {};
  return {
    ...renamedBack(renamings, fields, body),
    // After the attributes, some of which may be called like these.
    level: level.toLowerCase(),
    time: timestamp,
    ...withoutUndefined({ service, instance, traceId, spanId, err }),
    msg: body,
  };
}
