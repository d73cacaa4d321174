import type { Topology } from '@flotilla/dashboard/wire';
import type { JSX } from 'preact';
import { useApp, useTexts } from '../app/app.ts';
import { useResource } from '../app/use-resource.ts';
import { useNarrow } from '../table/use-narrow.ts';
import { Empty, Shown } from '../ui/note.tsx';
import { Page, Panel } from '../ui/page.tsx';
import { SearchBox } from '../ui/search-box.tsx';
import { Segments } from '../ui/segments.tsx';
import { neighboursOf } from './neighbours.ts';
import { NodeDetails } from './node-details.tsx';
import { TopologyGraph } from './topology-graph.tsx';
import { TopologyTable } from './topology-table.tsx';
import { topologyTexts } from './topology-texts.ts';
import './topology.css';

/** Who calls whom: a map, or a table with the same figures. What is chosen stands in the address, so that it can be passed on. */
export function TopologyPage(): JSX.Element {
  const texts = useTexts(topologyTexts);
  const { router } = useApp();
  const { query } = router.place.value;
  const isNarrow = useNarrow();
  const { answer, reload } = useResource<Topology>('/api/topology', { event: 'topology' });
  const chosen = query.get('view');
  const view = chosen === 'graph' || chosen === 'table' ? chosen : isNarrow ? 'table' : 'graph';
  const find = query.get('find') ?? '';
  return (
    <Page
      title={texts.title}
      lead={texts.lead}
      tools={
        <>
          <SearchBox label={texts.find} value={find} onChange={(text) => router.setQuery({ find: text })} />
          <Segments
            label={texts.views.label}
            value={view}
            choices={[
              { value: 'graph', text: texts.views.graph },
              { value: 'table', text: texts.views.table },
            ]}
            onChoose={(value) => router.setQuery({ view: value })}
          />
        </>
      }
    >
      <Shown answer={answer} reload={reload}>
        {(topology) => <Calls topology={topology} find={find} view={view} isNarrow={isNarrow} />}
      </Shown>
    </Page>
  );
}

function Calls({
  topology,
  find,
  view,
  isNarrow,
}: {
  readonly topology: Topology;
  readonly find: string;
  readonly view: 'graph' | 'table';
  readonly isNarrow: boolean;
}): JSX.Element {
  const texts = useTexts(topologyTexts);
  const { router } = useApp();
  const shown = neighboursOf(topology, find);
  const nameOf = (id: string): string => {
    const node = topology.nodes.find((each) => each.id === id);
    return node?.kind === 'clients' ? texts.clients : (node?.label ?? id);
  };
  const selected = router.place.value.query.get('node') ?? undefined;
  const isKnown = selected !== undefined && topology.nodes.some(({ id }) => id === selected);
  const select = (id: string | undefined): void => router.setQuery({ node: id === selected ? undefined : id });
  if (topology.edges.length === 0 && topology.nodes.length === 0)
    return (
      <Panel>
        <Empty title={texts.quiet}>{texts.quietText}</Empty>
      </Panel>
    );
  if (shown.nodes.length === 0)
    return (
      <Panel>
        <Empty title={texts.noMatch(find)} />
      </Panel>
    );
  return (
    <>
      <Panel flush>
        {view === 'table' ? (
          <TopologyTable edges={shown.edges} nameOf={nameOf} />
        ) : (
          <TopologyGraph
            topology={shown}
            direction={isNarrow ? 'down' : 'right'}
            selected={isKnown ? selected : undefined}
            onSelect={select}
          />
        )}
      </Panel>
      {isKnown && view === 'graph' && (
        <NodeDetails
          topology={topology}
          id={selected}
          nameOf={nameOf}
          isAlone={find !== ''}
          onClose={() => select(undefined)}
        />
      )}
    </>
  );
}
