import type { LogPage, LogRow } from '@flotilla/dashboard/wire';
import type { JSX } from 'preact';
import { useCallback, useMemo, useState } from 'preact/hooks';
import { useApp, useFormat, useTexts } from '../app/app.ts';
import { filterTexts } from '../filters/filter-texts.ts';
import '../filters/filters.css';
import { LiveBar } from '../filters/live-bar.tsx';
import { RangeField } from '../filters/range-field.tsx';
import { replaceQuery } from '../filters/replace-query.ts';
import { type RowSource, useLiveList } from '../live/use-live-list.ts';
import { LongTable } from '../table/long-table.tsx';
import { Button } from '../ui/button.tsx';
import { Bones, Empty, Note, useTroubleText } from '../ui/note.tsx';
import { Page } from '../ui/page.tsx';
import { levelTone } from './level-label.tsx';
import { listenToLogs } from './listen-to-logs.ts';
import { LogDetails } from './log-details.tsx';
import { type LogFilter, logFilterOf, logQuery, searchOfLogs, tailQuery } from './log-filter.ts';
import { LogFilters } from './log-filters.tsx';
import { logsTexts } from './logs-texts.ts';
import './logs.css';
import { useLogColumns } from './use-log-columns.tsx';

/** Rows asked for at a time. */
const pageRows = 500;

const keyOf = (line: LogRow): number => line.id;

/** The lines of all programs: a live tail, which stands still while somebody reads. */
export function LogsPage(): JSX.Element {
  const { api, router } = useApp();
  const texts = useTexts(logsTexts);
  const shared = useTexts(filterTexts);
  const format = useFormat();
  const troubleText = useTroubleText();
  const address = router.place.value.query.toString();
  const filter = useMemo(() => logFilterOf(new URLSearchParams(address)), [address]);
  const [isLost, setLost] = useState(false);
  const source = useMemo(
    (): RowSource<LogRow> => ({
      keyOf,
      read: async (cursor, signal) => {
        const page = await api.read<LogPage>(`/api/logs?${logQuery(filter, Date.now(), pageRows, cursor)}`, signal);
        return { rows: page.logs, ...(page.cursor === undefined ? {} : { cursor: page.cursor }) };
      },
      ...(filter.range.kind === 'last'
        ? {
            follow: {
              kind: 'listen',
              listen: (hear) => listenToLogs(`/api/logs/stream?${tailQuery(filter)}`, hear, setLost),
            },
          }
        : {}),
    }),
    [api, filter],
  );
  const rows = useLiveList(source);
  const { list, pause, resume, more } = rows;
  const [open, setOpen] = useState<LogRow | undefined>(undefined);
  const [topAgain, setTopAgain] = useState(0);
  const [isHeld, setHeld] = useState(false);
  const onTop = useCallback(
    (isAtTop: boolean) => {
      if (!isAtTop) pause();
      else if (!isHeld) resume();
    },
    [pause, resume, isHeld],
  );
  const follow = (): void => {
    setHeld(false);
    resume();
    setTopAgain((count) => count + 1);
  };
  const change = (next: LogFilter): void => replaceQuery(router, searchOfLogs(next));
  const columns = useLogColumns();
  const isAnyLeftOut = [...searchOfLogs(filter).keys()].some((name) => name !== 'range');
  return (
    <Page
      title={texts.title}
      lead={shared.shown(format.number(list.rows.length))}
      tools={
        <>
          {filter.range.kind === 'last' && (
            <>
              <Button icon="trash" look="quiet" onClick={rows.clear}>
                {texts.clear}
              </Button>
              {list.isPaused ? (
                <Button icon="play" onClick={follow}>
                  {shared.follow}
                </Button>
              ) : (
                <Button
                  icon="pause"
                  onClick={() => {
                    setHeld(true);
                    pause();
                  }}
                >
                  {shared.pause}
                </Button>
              )}
            </>
          )}
          <RangeField range={filter.range} onChange={(range) => change({ ...filter, range })} />
        </>
      }
    >
      <LogFilters filter={filter} onChange={change} />
      {rows.trouble !== undefined && <Note tone="warn">{troubleText(rows.trouble)}</Note>}
      {isLost && rows.trouble === undefined && <Note tone="warn">{texts.lost}</Note>}
      <LiveBar rows={rows} onResume={follow} />
      {rows.isLoading && list.rows.length === 0 ? (
        <Bones lines={14} />
      ) : (
        <div class="logs" data-open={open === undefined ? undefined : ''}>
          <div class="panel">
            {list.rows.length === 0 ? (
              <Empty title={isAnyLeftOut ? texts.noneFound : texts.none}>
                {isAnyLeftOut ? texts.noneFoundText : texts.noneText}
              </Empty>
            ) : (
              <LongTable
                label={texts.table}
                columns={columns}
                rows={list.rows}
                keyOf={keyOf}
                openKey={open?.id}
                onOpen={setOpen}
                toneOf={({ level }) => (level === 'info' ? undefined : levelTone(level))}
                onNearEnd={more}
                onTop={onTop}
                topAgain={topAgain}
              />
            )}
          </div>
          {open !== undefined && <LogDetails line={open} onClose={() => setOpen(undefined)} />}
        </div>
      )}
    </Page>
  );
}
