import { topicOf } from '../../watch/topics.ts';
import type { Read } from '../base/blocking-read.ts';
import type { ConsulApi } from '../base/consul-api.ts';
import type { QueryOptions } from '../base/query-options.ts';
import { requireName } from '../base/require-name.ts';
import type { CheckShape } from '../shapes/check-shape.ts';
import { serviceChecks } from '../shapes/check-shape.ts';
import { type ConsulCatalog, healthShape, type Located, matching } from '../shapes/consul-catalog.ts';
import { checkFields, healthFields } from '../shapes/filter-fields.ts';
import { filtered } from '../shapes/filtered.ts';
import { hasMeta } from '../shapes/node-shapes.ts';
import { anyOf, ofService } from '../shapes/service-topics.ts';

/** `/v1/health/…`: instances with their checks, and checks by service, node and state. */
export function healthRoutes(api: ConsulApi, catalog: ConsulCatalog): void {
  const entries = (located: readonly Located[], options: QueryOptions): readonly unknown[] => {
    const shown = matching(located, options).map((one) => healthShape(one, catalog));
    const alive = options.passing ? shown.filter(({ Checks }) => Checks.every(isPassing)) : shown;
    return filtered(alive, options.filter, healthFields);
  };
  api.read('/health/service/*', ({ rest }, options): Read => {
    const name = requireName(rest);
    return {
      topics: ofService(catalog, name),
      show: () => ({ json: entries(catalog.instances(name), options) }),
    };
  });
  api.read('/health/connect/*', ({ rest }, options): Read => {
    const name = requireName(rest);
    return { topics: anyOf(), show: () => ({ json: entries(catalog.connectable(name), options) }) };
  });
  // Ingress gateways are made by config entries, which there are none of.
  api.read('/health/ingress/*', ({ rest }): Read => {
    requireName(rest);
    return { topics: [topicOf.services], show: () => ({ json: [] }) };
  });
  api.read('/health/checks/*', ({ rest }, options): Read => {
    const name = requireName(rest);
    const show = (): readonly unknown[] =>
      filtered(
        catalog
          .instances(name)
          .filter(({ node }) => hasMeta(node.Meta, options.nodeMeta))
          .flatMap(({ view, node }) => serviceChecks(view, node.Node)),
        options.filter,
        checkFields,
      );
    return { topics: ofService(catalog, name), show: () => ({ json: show() }) };
  });
  api.read('/health/node/*', ({ rest }, options): Read => {
    const name = requireName(rest, 'Missing node name');
    const show = (): readonly unknown[] =>
      filtered(
        allChecks(catalog, options, (node) => node === name),
        options.filter,
        checkFields,
      );
    return { topics: anyOf(), show: () => ({ json: show() }) };
  });
  api.read('/health/state/*', ({ rest }, options): Read => {
    const state = requireName(rest, 'Missing check state');
    const show = (): readonly unknown[] => {
      const all = allChecks(catalog, options, () => true);
      return filtered(
        state === 'any' ? all : all.filter(({ Status }) => Status === state),
        options.filter,
        checkFields,
      );
    };
    return { topics: anyOf(), show: () => ({ json: show() }) };
  });
}

/** The checks of nodes, and of the instances on them. */
function allChecks(
  catalog: ConsulCatalog,
  { nodeMeta }: QueryOptions,
  isAsked: (node: string) => boolean,
): readonly CheckShape[] {
  const nodes = catalog.nodes.all().filter(({ Node, Meta }) => isAsked(Node) && hasMeta(Meta, nodeMeta));
  const located = catalog.all().filter(({ node }) => isAsked(node.Node) && hasMeta(node.Meta, nodeMeta));
  return [
    ...nodes.flatMap(({ Node }) => catalog.checksOfNode(Node)),
    ...located.flatMap(({ view, node }) => serviceChecks(view, node.Node)),
  ].sort((a, b) => (a.Node === b.Node ? compare(a.CheckID, b.CheckID) : compare(a.Node, b.Node)));
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function isPassing({ Status }: CheckShape): boolean {
  return Status === 'passing';
}
