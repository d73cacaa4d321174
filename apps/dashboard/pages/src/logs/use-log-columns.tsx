import type { LogRow } from '@flotilla/dashboard/wire';
import { useFormat, useTexts } from '../app/app.ts';
import type { LongColumn } from '../table/long-table.tsx';
import { LevelLabel } from './level-label.tsx';
import { logLine } from './log-line.ts';
import { logsTexts } from './logs-texts.ts';

/** The columns of the table of log lines. */
export function useLogColumns(): readonly LongColumn<LogRow>[] {
  const { columns } = useTexts(logsTexts);
  const format = useFormat();
  return [
    {
      key: 'time',
      header: columns.time,
      width: '96px',
      cell: ({ atMs }) => (
        <span class="numeric muted" title={format.moment(atMs)}>
          {format.moment(atMs).slice(11)}
        </span>
      ),
    },
    { key: 'level', header: columns.level, width: '48px', cell: ({ level }) => <LevelLabel level={level} /> },
    {
      key: 'service',
      header: columns.service,
      width: 'minmax(90px, 130px)',
      cell: ({ service, instanceId }) => <span title={instanceId}>{service}</span>,
    },
    {
      key: 'message',
      header: columns.message,
      width: 'minmax(160px, 1fr)',
      narrow: 'first',
      cell: (row) => {
        const line = logLine(row, format.duration);
        return (
          <>
            {line.text}{' '}
            {line.preview.map(({ path, text }) => (
              <span key={path} class="pair">
                {path}=<b>{text}</b>
              </span>
            ))}
          </>
        );
      },
    },
  ];
}
