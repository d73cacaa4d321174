import type { Topology, TopologyEdge, TopologyNode } from '@flotilla/dashboard/wire';
import type { JSX } from 'preact';
import { useMemo } from 'preact/hooks';
import { useFormat, useTexts } from '../app/app.ts';
import { curveThrough, edgeKey, type Layout, layOut, nodeSize } from './lay-out.ts';
import { kindIcons } from './node-kinds.ts';
import { topologyTexts } from './topology-texts.ts';
import { toneOfTraffic } from './traffic-tone.ts';

interface GraphProps {
  readonly topology: Topology;
  readonly direction: 'right' | 'down';
  readonly selected: string | undefined;
  readonly onSelect: (id: string) => void;
}

/** Smaller letters cannot be read: then the map is scrolled. */
const leastScale = 0.78;

/** The calls as a map. It is laid out anew only when somebody comes or goes, so that figures change in place. */
export function TopologyGraph({ topology, direction, selected, onSelect }: GraphProps): JSX.Element {
  const texts = useTexts(topologyTexts);
  const { nodes, edges } = topology;
  const names = nodes.map(({ id }) => id).sort();
  const shape = JSON.stringify([names, edges.map(edgeKey).sort(), direction]);
  const place = useMemo(() => {
    const known = new Set(names);
    const drawn = edges.filter(({ from, to }) => known.has(from) && known.has(to));
    return layOut({ nodes: names, edges: drawn }, direction);
  }, [shape]);
  const touches = (edge: TopologyEdge): boolean =>
    selected === undefined || edge.from === selected || edge.to === selected;
  return (
    <section class="map" aria-label={texts.graph}>
      <svg
        width={place.width}
        height={place.height}
        style={{ minWidth: `${Math.round(place.width * leastScale)}px` }}
        viewBox={`0 0 ${place.width} ${place.height}`}
        role="group"
        aria-label={texts.graph}
      >
        <defs>
          <marker
            id="arrow"
            viewBox="0 0 8 8"
            refX="7"
            refY="4"
            markerWidth="10"
            markerHeight="10"
            markerUnits="userSpaceOnUse"
            orient="auto"
          >
            <path d="M1 1L7 4 1 7" fill="none" stroke="context-stroke" stroke-width="1.4" />
          </marker>
        </defs>
        {edges.map((edge) => (
          <EdgeLine key={edgeKey(edge)} edge={edge} place={place} isFaint={!touches(edge)} />
        ))}
        {edges.map((edge) => (
          <EdgeFigures key={edgeKey(edge)} edge={edge} place={place} isFaint={!touches(edge)} />
        ))}
        {nodes.map((node) => (
          <NodeBox
            key={node.id}
            node={node}
            place={place}
            isSelected={node.id === selected}
            onSelect={() => onSelect(node.id)}
          />
        ))}
      </svg>
    </section>
  );
}

interface EdgeProps {
  readonly edge: TopologyEdge;
  readonly place: Layout;
  readonly isFaint: boolean;
}

function EdgeLine({ edge, place, isFaint }: EdgeProps): JSX.Element | null {
  const way = place.edges.get(edgeKey(edge));
  if (way === undefined) return null;
  const { requestsPerSecond } = edge.traffic;
  const d = curveThrough(way.points);
  // Ten times the traffic is one pixel more.
  const width = Math.min(4, 1 + Math.log10(1 + requestsPerSecond));
  return (
    <g class="edge" data-tone={toneOfTraffic(edge.traffic)} data-faint={isFaint ? '' : undefined}>
      <path d={d} stroke-width={width} marker-end="url(#arrow)" />
      {requestsPerSecond > 0 && (
        <path d={d} class="flow" style={{ animationDuration: `${flowSeconds(requestsPerSecond)}s` }} />
      )}
    </g>
  );
}

/** How long a drop takes: the more there are, the faster, within what the eye can follow. */
function flowSeconds(perSecond: number): number {
  return Math.max(0.5, 3 - Math.log10(1 + perSecond));
}

function EdgeFigures({ edge, place, isFaint }: EdgeProps): JSX.Element | null {
  const format = useFormat();
  const way = place.edges.get(edgeKey(edge));
  if (way === undefined) return null;
  const { requestsPerSecond, errorShare, p95Ms } = edge.traffic;
  const tone = toneOfTraffic(edge.traffic);
  const second = [errorShare > 0 ? format.share(errorShare) : undefined, p95Ms && format.duration(p95Ms)];
  return (
    <g
      class="figures"
      data-tone={tone}
      data-faint={isFaint ? '' : undefined}
      transform={`translate(${way.label.x.toFixed(1)} ${way.label.y.toFixed(1)})`}
      aria-hidden="true"
    >
      <text y="-7">{format.rate(requestsPerSecond)}</text>
      <text y="17" class={tone === 'calm' ? 'second' : 'second much'}>
        {second.filter((each) => each !== undefined).join(' · ')}
      </text>
    </g>
  );
}

function NodeBox({
  node,
  place,
  isSelected,
  onSelect,
}: {
  readonly node: TopologyNode;
  readonly place: Layout;
  readonly isSelected: boolean;
  readonly onSelect: () => void;
}): JSX.Element | null {
  const texts = useTexts(topologyTexts);
  const format = useFormat();
  const at = place.nodes.get(node.id);
  if (at === undefined) return null;
  const { width, height } = nodeSize;
  const { instances, traffic } = node;
  const isUnwell = instances !== undefined && instances.healthy < instances.all;
  const facts = [
    instances && texts.healthy(instances.healthy, instances.all),
    traffic && format.rate(traffic.requestsPerSecond),
  ].filter((each) => each !== undefined);
  const label = node.kind === 'clients' ? texts.clients : node.label;
  return (
    <foreignObject x={at.x - width / 2} y={at.y - height / 2} width={width} height={height}>
      <button
        type="button"
        class="node"
        data-kind={node.kind}
        data-unwell={isUnwell ? '' : undefined}
        aria-pressed={isSelected}
        title={`${label}: ${texts.kinds[node.kind]}`}
        onClick={onSelect}
      >
        <span class="node-name">
          <svg width="16" height="16" viewBox="0 0 16 16" aria-hidden="true">
            <path d={kindIcons[node.kind]} />
          </svg>
          <span>{label}</span>
        </span>
        <span class="node-facts">{facts.length === 0 ? texts.kinds[node.kind] : facts.join(' · ')}</span>
      </button>
    </foreignObject>
  );
}
