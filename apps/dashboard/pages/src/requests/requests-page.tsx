import type { RequestRow, RequestPage as Requests } from '@flotilla/dashboard/wire';
import type { JSX } from 'preact';
import { useCallback, useMemo, useRef, useState } from 'preact/hooks';
import { useApp, useFormat, useTexts } from '../app/app.ts';
import { filterTexts } from '../filters/filter-texts.ts';
import { replaceQuery } from '../filters/replace-query.ts';
import { useHasGateway, useServices } from '../filters/use-services.ts';
import '../filters/filters.css';
import { LiveBar } from '../filters/live-bar.tsx';
import { RangeField } from '../filters/range-field.tsx';
import { type RowSource, useLiveList } from '../live/use-live-list.ts';
import { StatusBadge, statusTone } from '../request/status-badge.tsx';
import { type LongColumn, LongTable } from '../table/long-table.tsx';
import { Button } from '../ui/button.tsx';
import { Link } from '../ui/link.tsx';
import { Bones, Empty, Note, useTroubleText } from '../ui/note.tsx';
import { Page } from '../ui/page.tsx';
import { isFiltered, type RequestFilter, requestFilterOf, requestQuery, searchOfRequests } from './request-filter.ts';
import { RequestFilters } from './request-filters.tsx';
import { requestsTexts } from './requests-texts.ts';

/** Rows asked for at a time. */
const pageRows = 300;
const askEveryMs = 2_000;

const keyOf = (row: RequestRow): string => row.spanId;
const traceOf = (row: RequestRow): string => `/traces/${row.traceId}`;

/** The table of recent requests, which follows what happens until somebody scrolls down to read. */
export function RequestsPage(): JSX.Element {
  const { api, router } = useApp();
  const texts = useTexts(requestsTexts);
  const shared = useTexts(filterTexts);
  const format = useFormat();
  const troubleText = useTroubleText();
  const address = router.place.value.query.toString();
  const filter = useMemo(() => requestFilterOf(new URLSearchParams(address)), [address]);
  const source = useMemo(
    (): RowSource<RequestRow> => ({
      keyOf,
      read: async (cursor, signal) => {
        const query = requestQuery(filter, Date.now(), pageRows, cursor);
        const page = await api.read<Requests>(`/api/requests?${query}`, signal);
        return { rows: page.requests, ...(page.cursor === undefined ? {} : { cursor: page.cursor }) };
      },
      ...(filter.range.kind === 'last' ? { follow: { kind: 'ask', everyMs: askEveryMs } } : {}),
    }),
    [api, filter],
  );
  const rows = useLiveList(source);
  const { list, pause, resume, more } = rows;
  const [topAgain, setTopAgain] = useState(0);
  const onTop = useCallback((isAtTop: boolean) => (isAtTop ? resume() : pause()), [pause, resume]);
  const names = useServices();
  const hasGateway = useHasGateway();
  const columns = useColumns();
  const routes = useSeenRoutes(list.rows, filter.route);

  const change = (next: RequestFilter): void => replaceQuery(router, searchOfRequests(next));
  return (
    <Page
      title={texts.title}
      lead={shared.shown(format.number(list.rows.length))}
      tools={
        <>
          {isFiltered(filter) && (
            <Button
              look="quiet"
              icon="close"
              onClick={() => change({ ...requestFilterOf(new URLSearchParams()), range: filter.range })}
            >
              {shared.reset}
            </Button>
          )}
          <RangeField range={filter.range} onChange={(range) => change({ ...filter, range })} />
        </>
      }
    >
      <RequestFilters filter={filter} services={names} routes={routes} hasGateway={hasGateway} onChange={change} />
      {rows.trouble !== undefined && <Note tone="warn">{troubleText(rows.trouble)}</Note>}
      <LiveBar rows={rows} onResume={() => setTopAgain((count) => count + 1)} />
      {rows.isLoading && list.rows.length === 0 ? (
        <Bones lines={12} />
      ) : (
        <div class="panel">
          {list.rows.length === 0 ? (
            <NoRequests isFiltered={isFiltered(filter)} />
          ) : (
            <LongTable
              label={texts.table}
              columns={columns}
              rows={list.rows}
              keyOf={keyOf}
              onOpen={(row) => router.go(traceOf(row))}
              toneOf={(row) => (row.failed ? statusTone(row.status) : undefined)}
              onNearEnd={more}
              onTop={onTop}
              topAgain={topAgain}
            />
          )}
        </div>
      )}
    </Page>
  );
}

function NoRequests({ isFiltered: isAnyLeftOut }: { readonly isFiltered: boolean }): JSX.Element {
  const texts = useTexts(requestsTexts);
  if (isAnyLeftOut) return <Empty title={texts.noneFound}>{texts.noneFoundText}</Empty>;
  return (
    <Empty title={texts.none}>
      {texts.noneText} <code>curl -i 'http://127.0.0.1:8080/api/user-with-orders?user_id=1'</code>
    </Empty>
  );
}

/** The routes of the requests seen so far: they stay choices when the filter leaves them out. */
function useSeenRoutes(rows: readonly RequestRow[], chosen: string): readonly string[] {
  const seen = useRef(new Set<string>());
  return useMemo(() => {
    for (const { route } of rows) if (route !== undefined) seen.current.add(route);
    if (chosen !== '') seen.current.add(chosen);
    return [...seen.current].toSorted();
  }, [rows, chosen]);
}

function useColumns(): readonly LongColumn<RequestRow>[] {
  const { nowMs } = useApp();
  const texts = useTexts(requestsTexts);
  const format = useFormat();
  const { columns } = texts;
  return [
    {
      key: 'time',
      header: columns.time,
      width: '76px',
      cell: ({ atMs }) => (
        <span class="numeric muted" title={format.moment(atMs)}>
          {format.time(atMs, nowMs.value)}
        </span>
      ),
    },
    { key: 'status', header: columns.status, width: '84px', cell: ({ status }) => <StatusBadge status={status} /> },
    {
      key: 'request',
      header: columns.request,
      width: 'minmax(140px, 3fr)',
      narrow: 'first',
      cell: (row) => (
        <Link to={traceOf(row)}>
          <b class="method">{row.method}</b> {row.path}
          {row.query !== undefined && <span class="muted">?{row.query}</span>}
          {row.errorType !== undefined && <span class="error-type"> {row.errorType}</span>}
        </Link>
      ),
    },
    { key: 'service', header: columns.service, width: 'minmax(90px, 1fr)', cell: ({ service }) => service },
    {
      key: 'route',
      header: columns.route,
      width: 'minmax(90px, 1.4fr)',
      narrow: 'none',
      cell: ({ route }) => <span class="muted">{route ?? ''}</span>,
    },
    {
      key: 'duration',
      header: columns.duration,
      width: '84px',
      align: 'end',
      cell: ({ durationMs }) => format.duration(durationMs),
    },
    {
      key: 'spans',
      header: columns.spans,
      width: '52px',
      align: 'end',
      narrow: 'none',
      cell: ({ spans }) => format.number(spans),
    },
  ];
}
