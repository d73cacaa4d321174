import type { TopologyEdge } from '@flotilla/dashboard/wire';
import type { JSX } from 'preact';
import { useFormat, useTexts } from '../app/app.ts';
import { type Column, Table } from '../ui/table.tsx';
import { topologyTexts } from './topology-texts.ts';
import { toneOfTraffic } from './traffic-tone.ts';

/** The calls as a table: the same figures for whoever cannot see a map, or wants to compare. The busiest first. */
export function TopologyTable({
  edges,
  nameOf,
}: {
  readonly edges: readonly TopologyEdge[];
  readonly nameOf: (id: string) => string;
}): JSX.Element {
  const texts = useTexts(topologyTexts);
  const format = useFormat();
  const columns: readonly Column<TopologyEdge>[] = [
    { key: 'from', header: texts.columns.from, cell: ({ from }) => <b>{nameOf(from)}</b> },
    { key: 'to', header: texts.columns.to, cell: ({ to }) => nameOf(to) },
    { key: 'protocol', header: texts.columns.protocol, cell: ({ protocol }) => texts.protocols[protocol] },
    {
      key: 'rate',
      header: texts.columns.rate,
      align: 'end',
      cell: ({ traffic }) => format.rate(traffic.requestsPerSecond),
    },
    {
      key: 'errors',
      header: texts.columns.errors,
      align: 'end',
      cell: ({ traffic }) => (
        <span class={toneOfTraffic(traffic) === 'calm' ? undefined : 'much'}>{format.share(traffic.errorShare)}</span>
      ),
    },
    {
      key: 'p50',
      header: texts.columns.p50,
      align: 'end',
      cell: ({ traffic }) => traffic.p50Ms !== undefined && format.duration(traffic.p50Ms),
    },
    {
      key: 'p95',
      header: texts.columns.p95,
      align: 'end',
      cell: ({ traffic }) => traffic.p95Ms !== undefined && format.duration(traffic.p95Ms),
    },
  ];
  const rows = edges.toSorted((one, other) => other.traffic.requestsPerSecond - one.traffic.requestsPerSecond);
  return (
    <Table
      label={texts.title}
      columns={columns}
      rows={rows}
      keyOf={({ from, to, protocol }) => `${from} ${to} ${protocol}`}
    />
  );
}
