import type { ProcessReport, ReportedState } from '@flotilla/fleet/control';
import { paint } from '@flotilla/kit/terminal';
import { type Column, textTable } from '../output/text-table.ts';

/** Green is well, yellow on its way, red to be looked at. */
const stateColours: Readonly<Record<ReportedState, number>> = {
  waiting: 33,
  starting: 33,
  ready: 32,
  restarting: 31,
  stopping: 33,
  stopped: 90,
  ended: 31,
  misconfigured: 31,
};

/** How the table is to be shown. */
export interface TableOptions {
  /** Undefined: as wide as it is. */
  readonly columns: number | undefined;
  readonly colour: boolean;
}

/** The processes of a fleet as a table; why one is not well stands below it. */
export function processTable(processes: readonly ProcessReport[], { columns, colour }: TableOptions): string[] {
  const number = (value: number | null): string => (value === null ? '-' : String(value));
  const table: readonly Column<ProcessReport>[] = [
    { title: 'PROGRAM', cell: ({ name }) => name },
    { title: 'STATE', cell: ({ state }) => (colour ? paint(state, stateColours[state]) : state) },
    { title: 'PORT', cell: ({ port }) => number(port), right: true },
    { title: 'PID', cell: ({ pid }) => number(pid), right: true, expendable: 2 },
    {
      title: 'UPTIME',
      cell: ({ uptimeMs }) => (uptimeMs === null ? '-' : shortTime(uptimeMs)),
      right: true,
      expendable: 1,
    },
    { title: 'RESTARTS', cell: ({ restarts }) => String(restarts), right: true, expendable: 3 },
    {
      title: 'CPU',
      cell: ({ cpuPercent }) => (cpuPercent === null ? '-' : `${cpuPercent}%`),
      right: true,
      expendable: 3,
    },
    {
      title: 'MEMORY',
      cell: ({ memoryBytes }) => (memoryBytes === null ? '-' : shortSize(memoryBytes)),
      right: true,
      expendable: 3,
    },
  ];
  return textTable(table, processes, columns, ({ why }) => (why === null ? [] : [`  ${why}`]));
}

/** `12 s`, `3 min`, `5 h`, `2 d`. */
export function shortTime(durationMs: number): string {
  const seconds = Math.floor(durationMs / 1000);
  if (seconds < 60) return `${seconds} s`;
  if (seconds < 3_600) return `${Math.floor(seconds / 60)} min`;
  if (seconds < 86_400) return `${Math.floor(seconds / 3_600)} h`;
  return `${Math.floor(seconds / 86_400)} d`;
}

function shortSize(bytes: number): string {
  const megabytes = bytes / 1e6;
  return megabytes < 1_000 ? `${Math.round(megabytes)} MB` : `${(megabytes / 1_000).toFixed(1)} GB`;
}
