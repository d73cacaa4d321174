import { isJsonObject, type JsonObject } from '@flotilla/kit/openapi';
import type { ProxyRouteConfig } from '../config/gateway-config.ts';
import type { ServiceDocument, ServiceOperation } from './clean-document.ts';
import { readReference } from './clean-parts.ts';
import { describeAggregate } from './describe-aggregate.ts';
import { type ExposedPath, exposePath, type RouteTarget } from './expose-path.ts';
import { withOwnResponses } from './own-responses.ts';
import { ownErrors, type RouteDescribing, responsesOf } from './route-describing.ts';
import { routeTarget } from './route-target.ts';

/** One operation of the gateway. */
export interface ShownOperation {
  readonly path: string;
  readonly method: string;
  readonly operation: JsonObject;
}

/** A route of which only the path is known. */
export interface ShownRoute {
  readonly path: string;
  readonly service: string;
  readonly methods: readonly string[] | undefined;
  /** Whether its service is away; else it has no document. */
  readonly away: boolean;
}

/** What the gateway's routes show: operations, and routes of which nothing more is known. */
export function describeRoutes(describing: RouteDescribing): {
  readonly operations: readonly ShownOperation[];
  readonly routes: readonly ShownRoute[];
} {
  const operations: ShownOperation[] = [];
  const routes: ShownRoute[] = [];
  for (const route of describing.config.routes) {
    if (route.kind === 'aggregate') {
      operations.push({ path: route.match, method: 'get', operation: describeAggregate(route, describing) });
      continue;
    }
    const shown = operationsOf(route, describing);
    operations.push(...shown);
    if (shown.length > 0) continue;
    const away = describing.documentOf(route.service).kind === 'away';
    routes.push({ path: route.match, service: route.service, methods: route.methods, away });
  }
  return { operations, routes };
}

function operationsOf(route: ProxyRouteConfig, describing: RouteDescribing): readonly ShownOperation[] {
  const known = describing.documentOf(route.service);
  const target = routeTarget(route);
  if (known.kind !== 'read' || target === undefined) return [];
  return known.document.operations.flatMap((found): ShownOperation[] => {
    const exposed = exposePath(target, found.path);
    if (exposed === undefined || !describing.leadsTo(route, exposed.path, found.method)) return [];
    const adopt = (part: JsonObject): JsonObject => describing.names.adopt(part, known.document, route.service);
    // Its parameters are made anew.
    const named = adopt({ ...found.operation, parameters: [] });
    const operation = {
      ...named,
      parameters: publicParameters(found, exposed, target, adopt, known.document),
      responses: withOwnResponses(responsesOf(named), ownErrors(describing.config, route.service), describing.locale),
    };
    return [{ path: exposed.path, method: found.method, operation }];
  });
}

/** The parameters as clients give them: those that the route fills in are gone, and those in its path have its names. */
function publicParameters(
  { operation }: ServiceOperation,
  exposed: ExposedPath,
  { query }: RouteTarget,
  adopt: (parameter: JsonObject) => JsonObject,
  document: ServiceDocument,
): readonly JsonObject[] {
  // What the path still has to say.
  const wanted = new Set([...exposed.path.matchAll(/\{([^}]*)\}/g)].map(([, name = '']) => name));
  const inPath = (parameter: JsonObject, name: string): JsonObject[] =>
    wanted.delete(name) ? [{ ...parameter, name, in: 'path', required: true }] : [];
  const listed = Array.isArray(operation['parameters']) ? operation['parameters'].filter(isJsonObject) : [];
  const shown = listed.flatMap((given): JsonObject[] => {
    const parameter = followed(given, document);
    const { name, in: place } = parameter;
    if (typeof name !== 'string') return [];
    if (place === 'path') return inPath(adopt(parameter), exposed.names.get(name) ?? '');
    const filled = place === 'query' ? query.get(name) : undefined;
    if (filled === undefined) return [adopt(given)];
    return filled.kind === 'parameter' ? inPath(adopt(parameter), filled.name) : [];
  });
  return [...shown, ...[...wanted].map((name) => ({ name, in: 'path', required: true, schema: { type: 'string' } }))];
}

function followed(part: JsonObject, document: ServiceDocument): JsonObject {
  const found = readReference(part['$ref']);
  return found === undefined ? part : (document.components[found.kind].get(found.name) ?? {});
}
