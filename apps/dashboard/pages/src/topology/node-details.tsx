import type { Topology, TopologyEdge } from '@flotilla/dashboard/wire';
import type { JSX } from 'preact';
import { useApp, useFormat, useTexts } from '../app/app.ts';
import { Button } from '../ui/button.tsx';
import { Link } from '../ui/link.tsx';
import { Panel } from '../ui/page.tsx';
import { uiTexts } from '../ui/ui-texts.ts';
import { topologyTexts } from './topology-texts.ts';
import { toneOfTraffic } from './traffic-tone.ts';

/** One node: who calls it, what it calls, and where to read on. */
export function NodeDetails({
  topology,
  id,
  nameOf,
  isAlone,
  onClose,
}: {
  readonly topology: Topology;
  readonly id: string;
  readonly nameOf: (id: string) => string;
  /** Whether only its neighbours are shown. */
  readonly isAlone: boolean;
  readonly onClose: () => void;
}): JSX.Element {
  const texts = useTexts(topologyTexts);
  const common = useTexts(uiTexts);
  const { router } = useApp();
  const kind = topology.nodes.find((node) => node.id === id)?.kind ?? 'service';
  const name = nameOf(id);
  const isOurs = kind === 'service' || kind === 'gateway';
  const service = encodeURIComponent(id);
  return (
    <Panel title={name} tools={<Button icon="close" look="quiet" label={common.close} onClick={onClose} />}>
      <div class="node-details">
        <div class="stack">
          <p class="muted">{texts.kinds[kind]}</p>
          {isOurs && (
            <div class="line">
              <Link to={`/requests?service=${service}`}>{texts.requests}</Link>
              <Link to={`/logs?service=${service}`}>{texts.logs}</Link>
              <Link to={`/metrics?service=${service}`}>{texts.metrics}</Link>
            </div>
          )}
          <div>
            <Button onClick={() => router.setQuery({ find: isAlone ? undefined : name })}>
              {isAlone ? texts.everything : texts.only}
            </Button>
          </div>
        </div>
        <CallList
          title={texts.incoming}
          none={texts.nobody}
          calls={topology.edges.filter(({ to }) => to === id)}
          nameOf={({ from }) => nameOf(from)}
        />
        <CallList
          title={texts.outgoing}
          none={texts.nothing}
          calls={topology.edges.filter(({ from }) => from === id)}
          nameOf={({ to }) => nameOf(to)}
        />
      </div>
    </Panel>
  );
}

function CallList({
  title,
  none,
  calls,
  nameOf,
}: {
  readonly title: string;
  readonly none: string;
  readonly calls: readonly TopologyEdge[];
  readonly nameOf: (edge: TopologyEdge) => string;
}): JSX.Element {
  const texts = useTexts(topologyTexts);
  const format = useFormat();
  return (
    <div>
      <h3>{title}</h3>
      {calls.length === 0 && <p class="muted">{none}</p>}
      <ul class="calls">
        {calls.map((edge) => {
          const { requestsPerSecond, errorShare, p95Ms } = edge.traffic;
          return (
            <li key={`${edge.from} ${edge.to} ${edge.protocol}`}>
              <span>{nameOf(edge)}</span>
              <span class="muted">{texts.protocols[edge.protocol]}</span>
              <span class="numeric">
                {format.rate(requestsPerSecond)}
                {errorShare > 0 && (
                  <span class={toneOfTraffic(edge.traffic) === 'calm' ? undefined : 'much'}>
                    {' · '}
                    {format.share(errorShare)}
                  </span>
                )}
                {p95Ms !== undefined && ` · p95 ${format.duration(p95Ms)}`}
              </span>
            </li>
          );
        })}
      </ul>
    </div>
  );
}
