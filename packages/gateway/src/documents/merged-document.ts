import type { Locale } from '@flotilla/contracts';
import { type ApiDocument, type JsonObject, problemComponents } from '@flotilla/kit/openapi';
import type { GatewayConfig, RouteConfig } from '../config/gateway-config.ts';
import type { CompiledRoutes } from '../routes/compile-routes.ts';
import { cleanDocument, type ServiceDocument } from './clean-document.ts';
import { aggregateTag } from './describe-aggregate.ts';
import { describeRoutes, type ShownOperation, type ShownRoute } from './describe-routes.ts';
import { PartNames } from './part-names.ts';
import type { KnownDocument } from './route-describing.ts';

/** What {@link mergedDocument} is made of. */
export interface MergedDocumentOptions {
  readonly config: GatewayConfig;
  readonly table: CompiledRoutes['table'];
  readonly documents: ReadonlyMap<string, KnownDocument>;
  readonly locale: Locale;
}

/**
 * Describes what the gateway's routes expose of the services behind it, and nothing else: paths as clients ask for them, the
 * parts of documents that these refer to, and the gateway's own errors.
 */
export function mergedDocument({ config, table, documents, locale }: MergedDocumentOptions): ApiDocument {
  const names = new PartNames();
  // First, so that their names are ours; services of ours have the same.
  for (const part of ['schemas/Problem', 'headers/RetryAfter'])
    names.adopt({ $ref: `#/components/${part}` }, ownParts(locale), 'gateway');
  const { operations, routes } = describeRoutes({
    config,
    locale,
    names,
    documentOf: (service) => documents.get(service) ?? { kind: 'away' },
    leadsTo: (route, path, method) => leadsTo(table, route, path, method),
  });
  const paths = new Map<string, JsonObject>();
  const ids = new Set<string>();
  for (const { path, method, operation } of operations)
    paths.set(path, {
      ...paths.get(path),
      [method]: { ...operation, operationId: freeId(operation, path, method, ids) },
    });
  for (const route of routes) {
    const path = paths.get(route.path) ?? {};
    paths.set(route.path, { ...path, ...describeRoute(route, locale) });
  }
  const absent = [...documents].flatMap(([service, known]) =>
    known.kind === 'away' || (known.kind === 'read' && !known.fresh) ? [service] : [],
  );
  return {
    openapi: '3.1.0',
    info: {
      title: 'gateway',
      version: '1.0.0',
      ...(absent.length === 0 ? {} : { description: texts[locale].absent(absent) }),
    },
    servers: [{ url: '/' }],
    tags: tagsOf(operations, documents, locale),
    paths: Object.fromEntries(paths),
    components: names.components,
  };
}

/** Whether the table gives a request to this route and no other. */
function leadsTo(table: CompiledRoutes['table'], route: RouteConfig, path: string, method: string): boolean {
  // No route has this word, so it stands for any value.
  const sample = path.replaceAll(/\{[^}]*\}/g, 'any-value');
  const match = table.match(sample, method.toUpperCase());
  return (
    match.kind === 'found' && match.entry.pattern.template === route.match && match.entry.value.kind === route.kind
  );
}

const texts = {
  en: {
    absent: (services: readonly string[]) =>
      `Not reachable at the moment: ${services.join(', ')}. Their operations are left out, or as they were last known.`,
    noDocument: (service: string) => `Forwarded to ${service}, which does not describe its API.`,
    away: (service: string) => `Forwarded to ${service}, which is not reachable at the moment.`,
  },
  'zh-CN': {
    absent: (services: readonly string[]) =>
      `暂时无法连接：${services.join('、')}。其操作未列出，或按最近一次获取的内容列出。`,
    noDocument: (service: string) => `转发到 ${service}，该服务没有提供 API 文档。`,
    away: (service: string) => `转发到 ${service}，该服务暂时无法连接。`,
  },
} as const;

function describeRoute({ service, away, methods }: ShownRoute, locale: Locale): JsonObject {
  const said = texts[locale];
  return {
    summary: away ? said.away(service) : said.noDocument(service),
    ...(methods === undefined ? {} : { description: methods.join(', ') }),
  };
}

/** The operation's own id if it is free; otherwise one with a number, since each must be unique. */
function freeId({ operationId }: JsonObject, path: string, method: string, ids: Set<string>): string {
  const wanted = typeof operationId === 'string' ? operationId : `${method}${path.replaceAll(/[^A-Za-z0-9]+/g, '_')}`;
  let id = wanted;
  for (let number = 2; ids.has(id); number += 1) id = `${wanted}${number}`;
  ids.add(id);
  return id;
}

function tagsOf(
  operations: readonly ShownOperation[],
  documents: ReadonlyMap<string, KnownDocument>,
  locale: Locale,
): JsonObject[] {
  const described = new Map<string, string>(locale === 'en' ? [] : [[aggregateTag.en, aggregateTag[locale]]]);
  for (const known of documents.values())
    if (known.kind === 'read') for (const [name, text] of known.document.tags) described.set(name, text);
  const used = new Set(operations.flatMap(({ operation: { tags } }) => (Array.isArray(tags) ? tags.map(String) : [])));
  return [...used].map((name) => ({ name, ...(described.has(name) ? { description: described.get(name) } : {}) }));
}

/** What the gateway's own answers refer to, as a document of its own. */
function ownParts(locale: Locale): ServiceDocument {
  const document = cleanDocument({ openapi: '3.1.0', components: problemComponents(locale) });
  if (document === undefined) throw new TypeError('The components of problems are not valid');
  return document;
}
