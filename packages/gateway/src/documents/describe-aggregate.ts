import { type KnownError, kindOf } from '@flotilla/contracts';
import { isJsonObject, type JsonObject } from '@flotilla/kit/openapi';
import type { AggregateRouteConfig, PartConfig } from '../config/gateway-config.ts';
import { exposePath, readSegments } from './expose-path.ts';
import { joinResponses, withOwnResponses } from './own-responses.ts';
import { ownErrors, type RouteDescribing, responsesOf } from './route-describing.ts';
import { splitTarget } from './route-target.ts';

/** Describes an aggregate: its parameters, one field for each part, and what can go wrong. */
export function describeAggregate(route: AggregateRouteConfig, describing: RouteDescribing): JsonObject {
  const { config, locale } = describing;
  const parts = Object.entries(route.parts).map(([name, part]) => ({
    name,
    part,
    found: describePart(part, describing),
  }));
  const optional = parts.filter(({ part }) => part.need === 'optional').map(({ name }) => name);
  const properties = parts.map(({ name, part, found }): [string, JsonObject] => [
    name,
    part.need === 'required' ? found.schema : { anyOf: [found.schema, { type: 'null' }] },
  ]);
  const schema = {
    type: 'object',
    required: parts.map(({ name }) => name),
    properties: {
      ...Object.fromEntries(properties),
      ...(optional.length === 0 ? {} : { missing: { type: 'array', items: { type: 'string', enum: optional } } }),
    },
  };
  const needed = parts.filter(({ part }) => part.need === 'required');
  const refusals = needed.map(({ found }) => found.refusals).reduce(joinResponses, {});
  const services = [...new Set(needed.map(({ part }) => part.service))];
  const errors: KnownError[] = [
    'INVALID_REQUEST',
    ...Object.values(route.parameters).map(({ error }) => error ?? 'INVALID_REQUEST'),
    ...needed.flatMap(({ part }) => Object.values(part.errors ?? {})),
    ...services.flatMap((service) => ownErrors(config, service)),
  ];
  return {
    operationId: `get${wordsOf(route.match)}`,
    summary: summaries[locale](parts.map(({ name }) => name)),
    tags: [aggregateTag.en],
    parameters: Object.entries(route.parameters).map(([name, parameter]) => ({
      name,
      in: parameter.in,
      required: true,
      schema: parameter.type === 'id' ? idSchema : { type: 'string', minLength: 1, maxLength: 200 },
    })),
    responses: withOwnResponses(
      { 200: { description: 'OK', content: { 'application/json': { schema } } }, ...refusals },
      new Set(errors.map(kindOf)),
      locale,
    ),
  };
}

/** Under which heading aggregates are listed. */
export const aggregateTag = { en: 'Aggregates', 'zh-CN': '聚合' } as const;

const idSchema = { type: 'integer', format: 'int64', minimum: 1, maximum: Number.MAX_SAFE_INTEGER } as const;

const summaries = {
  en: (parts: readonly string[]) => `Combines ${parts.join(', ')} of several services`,
  'zh-CN': (parts: readonly string[]) => `合并多个服务的数据：${parts.join('、')}`,
} as const;

/** What a part adds: the schema of its answer, and with which statuses its service refuses. */
function describePart(part: PartConfig, describing: RouteDescribing): { schema: JsonObject; refusals: JsonObject } {
  const known = describing.documentOf(part.service);
  const { path } = splitTarget(part.target);
  const target = readSegments(path);
  if (known.kind !== 'read' || target === undefined) return { schema: {}, refusals: {} };
  const wanted = { match: target, target, subtree: false, query: new Map() };
  const found = known.document.operations.find(
    (one) => one.method === 'get' && exposePath(wanted, one.path) !== undefined,
  );
  if (found === undefined) return { schema: {}, refusals: {} };
  const responses = describing.names.adopt(responsesOf(found.operation), known.document, part.service);
  const refused = Object.entries(responses).filter(
    ([status]) => forwarded.has(status) && part.errors?.[Number(status)] === undefined,
  );
  return { schema: schemaOf(responses['200']), refusals: Object.fromEntries(refused) };
}

/** The statuses of a part that clients get to see; see `PartConfig.need`. */
const forwarded: ReadonlySet<string> = new Set([
  '400',
  '401',
  '403',
  '404',
  '409',
  '410',
  '422',
  '429',
  '451',
  '503',
  '504',
]);

function schemaOf(response: unknown): JsonObject {
  const content = isJsonObject(response) ? response['content'] : undefined;
  const media = isJsonObject(content) ? content['application/json'] : undefined;
  const schema = isJsonObject(media) ? media['schema'] : undefined;
  return isJsonObject(schema) ? schema : {};
}

/** The words of a path, to make a name of: `/users/{id}/overview` is `UsersIdOverview`. */
function wordsOf(path: string): string {
  return path
    .split(/[^A-Za-z0-9]+/)
    .map((word) => word.slice(0, 1).toUpperCase() + word.slice(1))
    .join('');
}
