import { printableText } from '@flotilla/kit/printable-text';
import { type Column, textTable } from '../output/text-table.ts';
import type { ToldInstance, ToldUpstreams } from './gateway-answers.ts';

type Row = ToldInstance & { readonly service: string };

/** The instances as a table, each with why it gets no requests. `wanted`: the service that was asked for. */
export function upstreamLines(
  services: ToldUpstreams['services'],
  wanted: string | undefined,
  width: number | undefined,
): readonly string[] {
  const rows = services.flatMap(({ instances, service }) =>
    instances.map((instance): Row => ({ ...instance, service })),
  );
  const columns: readonly Column<Row>[] = [
    { title: 'SERVICE', cell: ({ service }) => service },
    { title: 'INSTANCE', cell: ({ id }) => printableText(id) },
    { title: 'ADDRESS', cell: ({ address }) => printableText(address), expendable: 2 },
    { title: 'STATE', cell: ({ state }) => state },
    { title: 'REQUESTS', cell: ({ inFlight }) => String(inFlight), right: true },
    { title: 'WEIGHT', cell: ({ weight }) => String(weight), right: true, expendable: 1 },
  ];
  const none = services.filter(({ instances }) => instances.length === 0).map(({ service }) => service);
  if (services.length === 0)
    return [wanted === undefined ? 'The gateway calls no services.' : `No route calls ${wanted}.`];
  const table =
    rows.length === 0 ? [] : textTable(columns, rows, width, ({ why }) => (why === undefined ? [] : [`  ${why}`]));
  return none.length === 0 ? table : [...table, `No instances: ${none.join(', ')}`];
}
