import type { Topology } from '@flotilla/dashboard/wire';

/** A topology with only the nodes that have `text` in their names, and those they call or are called by. Empty text: everything. */
export function neighboursOf(topology: Topology, text: string): Topology {
  const wanted = text.trim().toLowerCase();
  if (wanted === '') return topology;
  const isMeant = (id: string): boolean => {
    const label = topology.nodes.find((node) => node.id === id)?.label ?? id;
    return id.toLowerCase().includes(wanted) || label.toLowerCase().includes(wanted);
  };
  const edges = topology.edges.filter(({ from, to }) => isMeant(from) || isMeant(to));
  const kept = new Set(edges.flatMap(({ from, to }) => [from, to]));
  return { ...topology, edges, nodes: topology.nodes.filter(({ id }) => kept.has(id) || isMeant(id)) };
}
