import { type EdgeLabel, Graph, type GraphLabel, layout, type NodeLabel } from '@dagrejs/dagre';
import type { TopologyEdge } from '@flotilla/dashboard/wire';

/** A place in the drawing. */
export interface Point {
  readonly x: number;
  readonly y: number;
}

/** Where everything is. */
export interface Layout {
  readonly width: number;
  readonly height: number;
  /** The middle of each node, by its id. */
  readonly nodes: ReadonlyMap<string, Point>;
  /** The way of each edge and the middle of its label, by {@link edgeKey}. */
  readonly edges: ReadonlyMap<string, { readonly points: readonly Point[]; readonly label: Point }>;
}

/** An edge. There may be one for each protocol between the same two. */
export type ShapeEdge = Pick<TopologyEdge, 'from' | 'to' | 'protocol'>;

/** What is laid out: names alone, so that figures that change move nothing. */
export interface Shape {
  readonly nodes: readonly string[];
  readonly edges: readonly ShapeEdge[];
}

export const nodeSize = { width: 168, height: 54 } as const;
const labelSize = { width: 84, height: 36 } as const;

/** The name of an edge in a {@link Layout}. */
export function edgeKey({ from, to, protocol }: ShapeEdge): string {
  return `${from}\u0000${to}\u0000${protocol}`;
}

/** Places callers before what they call: `right`, or `down` where there is more height than width. */
export function layOut({ nodes, edges }: Shape, direction: 'right' | 'down'): Layout {
  const graph = new Graph<GraphLabel, NodeLabel, EdgeLabel>({ multigraph: true });
  graph.setGraph({
    rankdir: direction === 'right' ? 'LR' : 'TB',
    nodesep: 34,
    ranksep: direction === 'right' ? 24 : 16,
    edgesep: 12,
    marginx: 4,
    marginy: 4,
  });
  graph.setDefaultEdgeLabel(() => ({}));
  for (const node of nodes) graph.setNode(node, { ...nodeSize });
  for (const { from, to, protocol } of edges) graph.setEdge(from, to, { ...labelSize, labelpos: 'c' }, protocol);
  layout(graph);
  const { width = 0, height = 0 } = graph.graph();
  return {
    width,
    height,
    nodes: new Map(nodes.map((id) => [id, pointOf(graph.node(id))])),
    edges: new Map(
      edges.map((edge) => {
        const { points = [], x, y } = graph.edge(edge.from, edge.to, edge.protocol);
        return [edgeKey(edge), { points, label: pointOf({ x, y }) }];
      }),
    ),
  };
}

function pointOf({ x = 0, y = 0 }: { readonly x?: number | undefined; readonly y?: number | undefined }): Point {
  return { x, y };
}

/** A curve through points, as the path of an SVG. */
export function curveThrough(points: readonly Point[]): string {
  const [first, ...rest] = points;
  if (first === undefined) return '';
  const at = ({ x, y }: Point): string => `${x.toFixed(1)} ${y.toFixed(1)}`;
  // Each point between is approached only, and the middles between them are met: no corner is left.
  const middles = rest.slice(0, -1).map((point, index) => {
    const next = rest[index + 1] ?? point;
    const isLast = index === rest.length - 2;
    const end = isLast ? next : { x: (point.x + next.x) / 2, y: (point.y + next.y) / 2 };
    return `Q${at(point)} ${at(end)}`;
  });
  const only = rest[0];
  return `M${at(first)}${rest.length === 1 && only !== undefined ? `L${at(only)}` : middles.join('')}`;
}
