import type { ProcessReport, ReportedState } from '@flotilla/fleet/control';
import { shortSize, shortTime } from '../output/short-values.ts';
import { type Column, textTable } from '../output/text-table.ts';
import { tinted } from '../output/tinted.ts';

/** Green is well, yellow on its way, red to be looked at. */
const stateColours: Readonly<Record<ReportedState, number>> = {
  waiting: 33,
  starting: 33,
  ready: 32,
  restarting: 31,
  stopping: 33,
  stopped: 90,
  done: 90,
  ended: 31,
  misconfigured: 31,
};

/** How to show the table. */
export interface TableOptions {
  /** Undefined: as wide as it is. */
  readonly columns: number | undefined;
  readonly colour: boolean;
}

/** The processes of a fleet as a table, with the reasons of unhealthy ones below. */
export function processTable(processes: readonly ProcessReport[], { columns, colour }: TableOptions): string[] {
  const number = (value: number | null): string => (value === null ? '-' : String(value));
  const table: readonly Column<ProcessReport>[] = [
    { title: 'PROGRAM', cell: ({ name }) => name },
    { title: 'STATE', cell: ({ state }) => tinted(state, stateColours[state], colour) },
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
