import { errorNameOf, flatError, isObject, textOf, unflattened, withoutUndefined } from './flat-error.ts';
import type { LineShape, PlainFields } from './line-shape.ts';
import { type Renaming, type Renamings, renamedBack, renamingOf } from './renamed-fields.ts';

/** The version of the Elastic Common Schema that the names are from. */
const ecsVersion = '9.0.0';
const nsPerMs = 1_000_000;

const renamings: Renamings = {
  always: new Map(
    Object.entries<Renaming>({
      traceId: { name: 'trace.id' },
      spanId: { name: 'span.id' },
      requestId: { name: 'http.request.id' },
      code: { name: 'error.code' },
    }),
  ),
  ofRequest: new Map(
    Object.entries<Renaming>({
      method: { name: 'http.request.method' },
      path: { name: 'url.path' },
      route: { name: 'http.route' },
      status: { name: 'http.response.status_code' },
      requestBytes: { name: 'http.request.bytes' },
      responseBytes: { name: 'http.response.bytes' },
      client: { name: 'client.address' },
      durationMs: {
        name: 'event.duration',
        write: (ms) => (typeof ms === 'number' ? Math.round(ms * nsPerMs) : ms),
        read: (ns) => (typeof ns === 'number' ? ns / nsPerMs : ns),
      },
    }),
  ),
};

/**
 * Names that the schema has for objects, or for something else. A field of such a name goes to `labels`: Elasticsearch would refuse
 * the line, since a field is either an object or a value.
 */
const schemaNames: ReadonlySet<string> = new Set(
  `agent as client cloud code_signature container data_stream destination device dll dns ecs elf email entity error event faas
  file gen_ai geo group hash host http interface labels log macho message network observer orchestrator organization os package pe
  process registry related risk rule server service source span tags threat tls trace transaction url user user_agent vlan volume
  vulnerability x509 @timestamp log.level ecs.version service.name service.node.name`.split(/\s+/),
);
const labels = 'labels.';

/** The Elastic Common Schema, as Elastic's own loggers write it: names with dots, errors as type, message and stack. */
export const ecsShape: LineShape = {
  timeName: '@timestamp',
  messageName: 'message',
  level: (level) => ({ 'log.level': level }),
  base: (service, instance) => ({
    'ecs.version': ecsVersion,
    'service.name': service,
    'service.node.name': instance,
  }),
  fields(fields, message, trace) {
    const shaped: Record<string, unknown> = {};
    const errorName = errorNameOf(fields);
    for (const [field, value] of Object.entries(fields)) {
      if (field === errorName || value === undefined) continue;
      const renaming = renamingOf(renamings, field, message);
      if (renaming !== undefined) shaped[renaming.name] = renaming.write?.(value) ?? value;
      else if (schemaNames.has(field)) shaped[`${labels}${field}`] = labelOf(value);
      else shaped[field] = value;
    }
    if (trace !== undefined) Object.assign(shaped, { 'trace.id': trace.traceId, 'span.id': trace.spanId });
    if (errorName === undefined) return shaped;
    const { type, message: text, stack, code, details } = flatError(fields[errorName]);
    return {
      ...shaped,
      ...withoutUndefined({
        'error.type': type,
        'error.message': text,
        'error.stack_trace': stack,
        'error.code': code ?? shaped['error.code'],
        'error.details': details,
      }),
    };
  },
};

/** Labels are plain values. */
function labelOf(value: unknown): unknown {
  return typeof value === 'object' && value !== null ? JSON.stringify(value) : value;
}

/** The fields of a line in this form, as the native profile has them; undefined if it is in another. */
export function readEcsLine(line: PlainFields): Record<string, unknown> | undefined {
  const { '@timestamp': time, message, log, ...rest } = line;
  const { 'log.level': flat, ...others } = rest;
  const level = flat ?? (isObject(log) ? log['level'] : undefined);
  if (time === undefined || typeof message !== 'string' || typeof level !== 'string') return undefined;
  const {
    'ecs.version': _version,
    'service.name': service,
    'service.node.name': instance,
    'error.type': type,
    'error.message': text,
    'error.stack_trace': stack,
    'error.details': details,
    ...fields
  } = others;
  const isError = type !== undefined || text !== undefined || stack !== undefined;
  const { 'error.code': code, ...withoutCode } = fields;
  const err = isError
    ? unflattened({
        type: textOf(type),
        message: textOf(text),
        stack: textOf(stack),
        code: textOf(code),
        details: isObject(details) ? details : undefined,
      })
    : undefined;
  const plain: [string, unknown][] = Object.entries(
    renamedBack(renamings, isError ? withoutCode : fields, message),
  ).map(([name, value]) => [name.startsWith(labels) ? name.slice(labels.length) : name, value]);
  return {
    level,
    time,
    ...withoutUndefined({ service, instance }),
    ...Object.fromEntries<unknown>(plain),
    ...withoutUndefined({ err }),
    msg: message,
  };
}
