import type { InstanceState, InstanceView, Overview, ProgramView } from '@flotilla/dashboard/wire';
import { printableText } from '@flotilla/kit/printable-text';
import { cutToWidth } from '@flotilla/kit/text-width';
import { shortSize, shortTime } from '../output/short-values.ts';
import { type Column, textTable } from '../output/text-table.ts';
import { tinted } from '../output/tinted.ts';
import { shortDuration } from './waterfall.ts';

/** How to show it. */
export interface TopOptions {
  /** Undefined: as wide as it is. */
  readonly columns: number | undefined;
  /** Undefined: all lines. */
  readonly rows: number | undefined;
  readonly colour: boolean;
  /** Why the figures are old; undefined: they are not. */
  readonly trouble?: string | undefined;
}

/** A line of the table: an instance, the first of each program with what the program was asked. */
interface TopRow {
  readonly program: ProgramView;
  readonly instance: InstanceView;
  readonly isFirst: boolean;
}

const red = 31;
const yellow = 33;
const grey = 90;

const stateColours: Readonly<Record<InstanceState, number>> = {
  healthy: 32,
  starting: yellow,
  degraded: yellow,
  unhealthy: red,
  draining: yellow,
  restarting: red,
  stopping: yellow,
  stopped: grey,
  ended: red,
  misconfigured: red,
  unknown: grey,
};

/** The programs with what they are asked and what they use, and below that what is the matter. */
export function topLines(overview: Overview, { columns, rows, colour, trouble }: TopOptions): string[] {
  const fitted = (text: string): string => cutToWidth(printableText(text), columns ?? Number.POSITIVE_INFINITY);
  const table = textTable(columnsOfTop(colour), rowsOf(overview), columns, ({ instance: { why } }) =>
    why === undefined ? [] : [fitted(`  ${why.en}`)],
  );
  const notes = [
    ...(trouble === undefined ? [] : [tinted(fitted(`These figures are old. ${trouble}`), red, colour)]),
    ...overview.alerts.map(({ severity, text }) =>
      tinted(fitted(text.en), severity === 'critical' ? red : yellow, colour),
    ),
    ...overview.troubles.map(({ message }) => tinted(fitted(message), yellow, colour)),
  ];
  const below = notes.length === 0 ? [] : ['', ...notes];
  if (rows === undefined || table.length + below.length <= rows) return [...table, ...below];
  // What is the matter must be seen, even if not all of it is.
  const kept = below.slice(0, Math.max(2, Math.floor(rows / 3)));
  const room = Math.max(1, rows - kept.length - 1);
  const left = table.length - room;
  return [
    ...table.slice(0, room),
    ...(left > 0 ? [fitted(`(${left} more lines: make the window taller)`)] : []),
    ...kept,
  ];
}

function rowsOf({ programs }: Overview): readonly TopRow[] {
  return programs.flatMap((program) =>
    program.instances.map((instance, index) => ({ program, instance, isFirst: index === 0 })),
  );
}

function columnsOfTop(colour: boolean): readonly Column<TopRow>[] {
  const traffic =
    (show: (traffic: NonNullable<ProgramView['traffic']>) => string) =>
    ({ program, isFirst }: TopRow): string =>
      isFirst && program.traffic !== undefined ? show(program.traffic) : '';
  return [
    { title: 'INSTANCE', cell: ({ instance }) => printableText(instance.name) },
    { title: 'STATE', cell: ({ instance: { state } }) => tinted(state, stateColours[state], colour) },
    { title: 'REQ/S', cell: traffic(({ requestsPerSecond }) => shortRate(requestsPerSecond)), right: true },
    {
      title: 'ERRORS',
      cell: traffic(({ errorShare }) => tinted(shortShare(errorShare), errorShare > 0 ? red : 32, colour)),
      right: true,
    },
    {
      title: 'P95',
      cell: traffic(({ p95Ms }) => (p95Ms === undefined ? '-' : shortDuration(p95Ms))),
      right: true,
      expendable: 1,
    },
    {
      title: 'CPU',
      cell: ({ instance: { cpuPercent } }) => (cpuPercent === undefined ? '-' : `${Math.round(cpuPercent)}%`),
      right: true,
      expendable: 2,
    },
    {
      title: 'MEMORY',
      cell: ({ instance: { memoryBytes } }) => (memoryBytes === undefined ? '-' : shortSize(memoryBytes)),
      right: true,
      expendable: 3,
    },
    { title: 'RESTARTS', cell: ({ instance: { restarts } }) => String(restarts ?? '-'), right: true, expendable: 4 },
    {
      title: 'UPTIME',
      cell: ({ instance: { uptimeMs } }) => (uptimeMs === undefined ? '-' : shortTime(uptimeMs)),
      right: true,
      expendable: 4,
    },
  ];
}

function shortRate(rate: number): string {
  return rate >= 99.5 || rate === 0 ? String(Math.round(rate)) : rate.toFixed(1);
}

function shortShare(share: number): string {
  const percent = share * 100;
  return `${percent > 0 && percent < 9.95 ? percent.toFixed(1) : Math.round(percent)}%`;
}
