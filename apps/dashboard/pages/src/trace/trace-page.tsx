import type { Trace } from '@flotilla/dashboard/wire';
import type { JSX } from 'preact';
import { useMemo, useState } from 'preact/hooks';
import { useApp, useFormat, useTexts } from '../app/app.ts';
import { useResource } from '../app/use-resource.ts';
import '../filters/filters.css';
import { SearchField } from '../filters/search-field.tsx';
import { curlCommand } from '../request/curl-command.ts';
import { StatusBadge } from '../request/status-badge.tsx';
import { useServiceUrl } from '../request/use-service-url.ts';
import type { PageProps } from '../shell/page-entry.ts';
import { Button } from '../ui/button.tsx';
import { CopyButton } from '../ui/copy-button.tsx';
import { Empty, Note, Shown } from '../ui/note.tsx';
import { Page, Panel } from '../ui/page.tsx';
import { causeOf } from './cause.ts';
import { CauseNote } from './cause-note.tsx';
import { SendAgain, targetOf } from './send-again.tsx';
import { SpanDetails } from './span-details.tsx';
import { spanRows } from './span-tree.ts';
import type { TimeWindow } from './time-scale.ts';
import { TraceLogs } from './trace-logs.tsx';
import { traceTexts } from './trace-texts.ts';
import './trace.css';
import { Waterfall } from './waterfall.tsx';

/** How often a trace is read again while parts of it may still arrive, and for how long that is. */
const arrivingEveryMs = 2_000;
const arrivingForMs = 20_000;

/** A trace: its spans in time, why it failed or took long, and the logs that belong to it. */
export function TracePage({ parameters }: PageProps): JSX.Element {
  const { nowMs } = useApp();
  const texts = useTexts(traceTexts);
  const traceId = parameters['traceId'] ?? '';
  const [isArriving, setArriving] = useState(true);
  const { answer, reload } = useResource<Trace>(`/api/traces/${encodeURIComponent(traceId)}`, {
    ...(isArriving ? { everyMs: arrivingEveryMs } : {}),
  });
  const endMs = answer.kind === 'ready' ? answer.value.startedMs + answer.value.durationMs : undefined;
  const mayArrive = endMs === undefined || nowMs.value < endMs + arrivingForMs;
  if (mayArrive !== isArriving) setArriving(mayArrive);
  if (answer.kind === 'failed' && answer.trouble.kind === 'refused' && answer.trouble.status === 404) {
    return (
      <Page title={texts.title} lead={<code>{traceId}</code>}>
        <Panel>
          <Empty title={texts.notHere}>{texts.notHereText}</Empty>
        </Panel>
      </Page>
    );
  }
  if (answer.kind !== 'ready') {
    return (
      <Page title={texts.title} lead={<code>{traceId}</code>}>
        <Shown answer={answer} reload={reload}>
          {() => null}
        </Shown>
      </Page>
    );
  }
  return <ShownTrace trace={answer.value} />;
}

function ShownTrace({ trace }: { readonly trace: Trace }): JSX.Element {
  const { router } = useApp();
  const texts = useTexts(traceTexts);
  const format = useFormat();
  const [text, setText] = useState('');
  const [closed, setClosed] = useState<ReadonlySet<string>>(new Set());
  const [zoom, setZoom] = useState<TimeWindow | undefined>(undefined);
  const cause = useMemo(() => causeOf(trace), [trace]);
  const rows = useMemo(() => spanRows(trace.spans), [trace.spans]);
  const asked = router.place.value.query.get('span');
  const openSpanId = asked ?? undefined;
  const open = rows.find(({ span }) => span.spanId === openSpanId);
  const whole = { fromMs: 0, toMs: trace.durationMs };
  const { request } = trace;
  const services = new Set(trace.spans.map(({ service }) => service)).size;
  const show = (spanId: string | undefined): void => router.setQuery({ span: spanId });
  const toggle = (spanId: string, isClosed: boolean): void => {
    const next = new Set(closed);
    if (isClosed) next.add(spanId);
    else next.delete(spanId);
    setClosed(next);
  };
  return (
    <Page
      title={request === undefined ? (rows[0]?.span.name ?? texts.title) : `${request.method} ${targetOf(request)}`}
      lead={
        <span class="line">
          {request !== undefined && <StatusBadge status={request.status} />}
          <span class="numeric">{format.duration(request?.durationMs ?? trace.durationMs)}</span>
          <span>{texts.spans(format.number(trace.spans.length))}</span>
          <span>{texts.services(format.number(services))}</span>
          <span class="numeric">{format.moment(trace.startedMs)}</span>
        </span>
      }
      tools={<TraceTools trace={trace} />}
    >
      {cause !== undefined && <CauseNote cause={cause} onShow={() => show(cause.span.spanId)} />}
      {trace.missingParents > 0 && <Note tone="calm">{texts.missing(format.number(trace.missingParents))}</Note>}
      <div class="trace">
        <section class="panel spans-panel">
          <div class="panel-head">
            <SearchField label={texts.search} value={text} onSearch={setText} />
            <div class="tools">
              {zoom !== undefined && <Button onClick={() => setZoom(undefined)}>{texts.unzoom}</Button>}
              <Button look="quiet" onClick={() => setClosed(new Set())}>
                {texts.openAll}
              </Button>
              <Button
                look="quiet"
                onClick={() => setClosed(new Set(rows.filter((row) => row.hasChildren).map(({ span }) => span.spanId)))}
              >
                {texts.closeAll}
              </Button>
            </div>
          </div>
          <Waterfall
            trace={trace}
            text={text}
            shown={zoom ?? whole}
            closed={closed}
            openSpanId={openSpanId}
            onOpen={show}
            onToggle={toggle}
          />
        </section>
        <div class="beside">
          {open !== undefined && (
            <SpanDetails
              span={open.span}
              ownMs={open.ownMs}
              onZoom={() => setZoom({ fromMs: open.span.offsetMs, toMs: open.span.offsetMs + open.span.durationMs })}
              onClose={() => show(undefined)}
            />
          )}
          {trace.problem !== undefined && <ProblemPanel problem={trace.problem} />}
          <TraceLogs traceId={trace.traceId} startedMs={trace.startedMs} logs={trace.logs} onOpenSpan={show} />
        </div>
      </div>
    </Page>
  );
}

/** The document that the caller got, in its own words. */
function ProblemPanel({ problem }: { readonly problem: Readonly<Record<string, unknown>> }): JSX.Element {
  const texts = useTexts(traceTexts);
  const text = JSON.stringify(problem, undefined, 2);
  return (
    <Panel title={texts.problem} tools={<CopyButton text={text} />}>
      <pre class="code" tabIndex={0}>
        {text}
      </pre>
    </Panel>
  );
}

function TraceTools({ trace: { request, traceId } }: { readonly trace: Trace }): JSX.Element {
  const { notices } = useApp();
  const texts = useTexts(traceTexts);
  const [isSending, setSending] = useState(false);
  const url = useServiceUrl(request?.service);
  const copy = async (text: string, label: string): Promise<void> => {
    await navigator.clipboard.writeText(text);
    notices.add('done', label);
  };
  return (
    <>
      {request !== undefined && (
        <>
          <Button
            icon="copy"
            onClick={() =>
              void copy(curlCommand({ method: request.method, url: `${url}${targetOf(request)}` }), texts.copiedCurl)
            }
          >
            {texts.copyCurl}
          </Button>
          <Button icon="send" onClick={() => setSending(true)}>
            {texts.sendAgain}
          </Button>
        </>
      )}
      <CopyButton text={traceId} label={texts.copyId} />
      {isSending && request !== undefined && <SendAgain request={request} onClose={() => setSending(false)} />}
    </>
  );
}
