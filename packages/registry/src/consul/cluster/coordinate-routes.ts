import type { Nodes } from '../../operations/nodes.ts';
import type { NodeValue } from '../../record/node.ts';
import { topicOf } from '../../watch/topics.ts';
import type { Read } from '../base/blocking-read.ts';
import { actorOf } from '../base/call.ts';
import type { ConsulApi } from '../base/consul-api.ts';
import { decodeBody, struct } from '../base/go-json.ts';
import { Refusal } from '../base/refusal.ts';
import { requireName } from '../base/require-name.ts';
import type { ConsulCatalog } from '../shapes/consul-catalog.ts';
import { objectOf, textIn } from '../shapes/service-extra.ts';

const updateShape = struct('CoordinateUpdateRequest', {
  ...{ Node: 'string', Segment: 'string', Coord: 'any', Datacenter: 'string', Partition: 'string', Token: 'string' },
});

/** `/v1/coordinate/…`: where nodes are in the network, as far as somebody has told it. Nobody here measures it. */
export function coordinateRoutes(api: ConsulApi, catalog: ConsulCatalog, nodes: Nodes): void {
  const shapes = (name?: string): readonly object[] =>
    (name === undefined ? nodes.all() : [nodes.get(name) ?? []].flat()).flatMap(({ value: { node, extra } }) => {
      const coordinate = objectOf(extra['Coord']);
      return coordinate === undefined ? [] : [{ Node: node, Segment: '', Coord: coordinate }];
    });
  api.get('/coordinate/datacenters', () => ({
    json: [{ Datacenter: api.options.datacenter, AreaID: 'wan', Coordinates: [] }],
  }));
  api.read('/coordinate/nodes', (): Read => ({ topics: [topicOf.nodes], show: () => ({ json: shapes() }) }));
  api.read('/coordinate/node/*', ({ rest }): Read => {
    const name = requireName(rest, 'Missing node name');
    const show = (): ReturnType<Read['show']> => {
      const found = shapes(name);
      return found.length === 0 ? { status: 404 } : { json: found };
    };
    return { topics: [topicOf.node(name)], show };
  });
  api.put('/coordinate/update', async (call) => {
    const body = decodeBody(call.request.body, updateShape);
    const name = textIn(body, 'Node');
    const coordinate = objectOf(body['Coord']);
    if (coordinate === undefined) throw new Refusal(400, 'Missing coordinate');
    if (catalog.nodes.get(name) === undefined)
      throw new Refusal(400, `Unknown node ${JSON.stringify(name.slice(0, 128))}`);
    const change = (present: NodeValue | undefined): NodeValue => ({
      ...(present ?? { node: name, address: '', checks: [] }),
      extra: { ...present?.extra, Coord: coordinate },
    });
    await nodes.change(name, change, actorOf(call));
    return {};
  });
}
