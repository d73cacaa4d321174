import type { Trace } from '@flotilla/dashboard/wire';
import type { JSX } from 'preact';
import { useCallback, useEffect, useId, useLayoutEffect, useMemo, useRef, useState } from 'preact/hooks';
import { useFormat, useTexts } from '../app/app.ts';
import { useNarrow } from '../table/use-narrow.ts';
import { rowByKey, scrollToRow, visibleRows } from '../table/visible-rows.ts';
import { Empty } from '../ui/note.tsx';
import { serviceColors } from './service-colors.ts';
import { openRows, rowsWith, type SpanRow, spanRows } from './span-tree.ts';
import { type TimeWindow, ticksOf } from './time-scale.ts';
import { traceTexts } from './trace-texts.ts';
import { WaterfallRow } from './waterfall-row.tsx';

interface WaterfallProps {
  readonly trace: Trace;
  readonly text: string;
  readonly shown: TimeWindow;
  readonly closed: ReadonlySet<string>;
  readonly openSpanId: string | undefined;
  readonly onOpen: (spanId: string) => void;
  readonly onToggle: (spanId: string, isClosed: boolean) => void;
}

const rowHeightPx = 28;
const narrowRowHeightPx = 44;

/** The spans of a trace as bars in time. Only those in sight are in the document, so that a trace of thousands scrolls as well. */
export function Waterfall(props: WaterfallProps): JSX.Element {
  const { trace, text, shown, closed, openSpanId, onOpen, onToggle } = props;
  const texts = useTexts(traceTexts);
  const format = useFormat();
  const id = useId();
  const frame = useRef<HTMLDivElement>(null);
  const heightPx = useNarrow() ? narrowRowHeightPx : rowHeightPx;
  const [place, setPlace] = useState({ scrollTopPx: 0, heightPx: 600 });
  const all = useMemo(() => spanRows(trace.spans), [trace.spans]);
  const colors = useMemo(() => serviceColors(all.map(({ span }) => span.service)), [all]);
  const rows = useMemo(() => (text.trim() === '' ? openRows(all, closed) : rowsWith(all, text)), [all, closed, text]);

  const measure = useCallback(() => {
    const element = frame.current;
    if (element === null) return;
    setPlace((before) =>
      before.scrollTopPx === element.scrollTop && before.heightPx === element.clientHeight
        ? before
        : { scrollTopPx: element.scrollTop, heightPx: element.clientHeight },
    );
  }, []);
  useLayoutEffect(() => {
    measure();
    const observer = new ResizeObserver(measure);
    if (frame.current !== null) observer.observe(frame.current);
    return () => observer.disconnect();
  }, [measure]);
  const openIndex = rows.findIndex(({ span }) => span.spanId === openSpanId);
  useEffect(() => {
    // A span that was asked for by the cause, a log line or the address comes into sight.
    const element = frame.current;
    if (element === null || openIndex === -1) return;
    const now = { scrollTopPx: element.scrollTop, heightPx: element.clientHeight };
    element.scrollTo({ top: scrollToRow(openIndex, heightPx, now) });
  }, [openIndex, heightPx]);

  const press = (event: KeyboardEvent): void => {
    if (event.altKey || event.ctrlKey || event.metaKey) return;
    const row = rows[openIndex];
    const toggled = row === undefined ? undefined : toggledBy(event.key, row, closed);
    if (row !== undefined && toggled !== undefined) {
      event.preventDefault();
      onToggle(row.span.spanId, toggled);
      return;
    }
    const to = rowByKey(event.key, openIndex, rows.length, Math.floor(place.heightPx / heightPx));
    const next = to === undefined ? undefined : rows[to];
    if (next === undefined) return;
    event.preventDefault();
    onOpen(next.span.spanId);
  };

  const drawn = visibleRows(rows.length, heightPx, place);
  const idOf = (row: SpanRow): string => `${id}-${row.span.spanId}`;
  const open = rows[openIndex];
  if (rows.length === 0) return <Empty title={texts.noMatch} />;
  return (
    <div class="waterfall">
      <div class="ruler" aria-hidden="true">
        <span />
        <span class="ticks">
          {ticksOf(shown, 4)
            .filter((tick) => isDrawn(tick, shown))
            .map((tick) => (
              <i
                key={tick}
                style={{ left: `${((tick - shown.fromMs) / Math.max(shown.toMs - shown.fromMs, 1e-9)) * 100}%` }}
              >
                {format.duration(tick)}
              </i>
            ))}
        </span>
      </div>
      <div
        ref={frame}
        class="spans"
        role="tree"
        tabIndex={0}
        aria-label={texts.waterfall}
        aria-activedescendant={
          open !== undefined && openIndex >= drawn.first && openIndex < drawn.end ? idOf(open) : undefined
        }
        style={{ '--row': `${heightPx}px`, maxHeight: `max(240px, min(${drawn.totalPx + 2}px, 100vh - 250px))` }}
        onScroll={measure}
        onKeyDown={press}
      >
        <div role="presentation" style={{ height: `${drawn.totalPx}px` }}>
          <div role="presentation" style={{ transform: `translateY(${drawn.offsetPx}px)` }}>
            {rows.slice(drawn.first, drawn.end).map((row) => (
              <WaterfallRow
                key={row.span.spanId}
                id={idOf(row)}
                row={row}
                shown={shown}
                color={colors.get(row.span.service) ?? 'var(--calm)'}
                isOpen={row.span.spanId === openSpanId}
                isClosed={closed.has(row.span.spanId)}
                onOpen={() => onOpen(row.span.spanId)}
                onToggle={() => onToggle(row.span.spanId, !closed.has(row.span.spanId))}
              />
            ))}
          </div>
        </div>
      </div>
    </div>
  );
}

/** Whether a key closes (true) or opens (false) what is below a span; undefined if it does neither. */
function toggledBy(key: string, row: SpanRow, closed: ReadonlySet<string>): boolean | undefined {
  if (!row.hasChildren) return undefined;
  const isClosed = closed.has(row.span.spanId);
  if (key === 'ArrowLeft' && !isClosed) return true;
  return key === 'ArrowRight' && isClosed ? false : undefined;
}

/** A mark at the right edge would have no room for its text. */
function isDrawn(tick: number, shown: TimeWindow): boolean {
  return tick - shown.fromMs < (shown.toMs - shown.fromMs) * 0.9 || shown.toMs <= shown.fromMs;
}
