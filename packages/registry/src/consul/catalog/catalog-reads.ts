import { topicOf } from '../../watch/topics.ts';
import type { Read } from '../base/blocking-read.ts';
import type { ConsulApi } from '../base/consul-api.ts';
import type { QueryOptions } from '../base/query-options.ts';
import { requireName } from '../base/require-name.ts';
import { type ConsulCatalog, catalogShape, type Located, matching, meshOf } from '../shapes/consul-catalog.ts';
import { catalogFields, nodeFields, serviceFields } from '../shapes/filter-fields.ts';
import { filtered } from '../shapes/filtered.ts';
import { hasMeta } from '../shapes/node-shapes.ts';
import { type ServiceShape, serviceShape } from '../shapes/service-shape.ts';
import { anyOf, ofMembers } from '../shapes/service-topics.ts';

/** `/v1/catalog/…`, as far as it is read: data centers, nodes and services, without how well they are. */
export function catalogReads(api: ConsulApi, catalog: ConsulCatalog): void {
  api.get('/catalog/datacenters', () => ({ json: [api.options.datacenter] }));
  api.read('/catalog/nodes', (_call, options): Read => {
    const show = (): readonly unknown[] =>
      filtered(
        catalog.nodes.all().filter(({ Meta }) => hasMeta(Meta, options.nodeMeta)),
        options.filter,
        nodeFields,
      );
    return { topics: [topicOf.nodes], show: () => ({ json: show() }) };
  });
  api.read(
    '/catalog/services',
    (_call, options): Read => ({
      topics: options.filter === undefined && options.nodeMeta.length === 0 ? [topicOf.services] : anyOf(),
      show: () => ({ json: tagsByService(catalog, options) }),
    }),
  );
  const rows = (located: readonly Located[], options: QueryOptions): readonly unknown[] =>
    filtered(matching(located, options).map(catalogShape), options.filter, catalogFields);
  api.read('/catalog/service/*', ({ rest }, options): Read => {
    const name = requireName(rest);
    return { topics: ofMembers(catalog, name), show: () => ({ json: rows(catalog.instances(name), options) }) };
  });
  api.read('/catalog/connect/*', ({ rest }, options): Read => {
    const name = requireName(rest);
    return { topics: anyOf(), show: () => ({ json: rows(catalog.connectable(name), options) }) };
  });
  api.read('/catalog/gateway-services/*', ({ rest }): Read => {
    requireName(rest, 'Missing gateway name');
    return { topics: [topicOf.services], show: () => ({ json: [] }) };
  });
  api.read('/catalog/node/*', ({ rest }, options): Read => {
    const name = requireName(rest, 'Missing node name');
    const show = (): unknown => {
      const node = catalog.nodes.get(name);
      if (node === undefined) return null;
      return {
        Node: node,
        Services: Object.fromEntries(servicesOf(catalog, name, options).map((one) => [one.ID, one])),
      };
    };
    return { topics: anyOf(), show: () => ({ json: show() }) };
  });
  api.read('/catalog/node-services/*', ({ rest }, options): Read => {
    const name = requireName(rest, 'Missing node name');
    const show = (): unknown => ({
      Node: catalog.nodes.get(name) ?? null,
      Services: servicesOf(catalog, name, options),
    });
    return { topics: anyOf(), show: () => ({ json: show() }) };
  });
}

/** The tags of all instances of each service together. */
function tagsByService(catalog: ConsulCatalog, options: QueryOptions): Readonly<Record<string, readonly string[]>> {
  // The list that everybody polls.
  if (options.filter === undefined && options.nodeMeta.length === 0)
    return Object.fromEntries(catalog.names.map((name) => [name, catalog.view.tags(name)]));
  const found = catalog.names.flatMap((name): [string, readonly string[]][] => {
    const matched = matching(catalog.instances(name), { ...options, tags: [] });
    const located =
      options.filter === undefined
        ? matched
        : filtered(
            matched.map((one) => ({ ...catalogShape(one), one })),
            options.filter,
            catalogFields,
          ).map(({ one }) => one);
    return located.length === 0 ? [] : [[name, [...new Set(located.flatMap(({ view }) => view.shown.tags))]]];
  });
  return Object.fromEntries(found);
}

function servicesOf(catalog: ConsulCatalog, node: string, options: QueryOptions): readonly ServiceShape[] {
  const here = catalog.all().filter((located) => located.node.Node === node);
  return filtered(
    here.map(({ view }) => ({ ...serviceShape(view), ...meshOf(view) })).sort((a, b) => (a.ID < b.ID ? -1 : 1)),
    options.filter,
    serviceFields,
  );
}
