import type { ComponentChildren, JSX } from 'preact';
import { useCallback, useEffect, useId, useLayoutEffect, useRef, useState } from 'preact/hooks';
import './long-table.css';
import { useNarrow } from './use-narrow.ts';
import { rowByKey, scrollToRow, visibleRows } from './visible-rows.ts';

/** A column of a long table. */
export interface LongColumn<Row> {
  readonly key: string;
  readonly header: string;
  /** Its width, as grids have it: `90px`, `minmax(0, 1fr)`. */
  readonly width: string;
  readonly cell: (row: Row) => ComponentChildren;
  /** `end` for figures. Default `start`. */
  readonly align?: 'end';
  /** On narrow screens: `first` has the first line to itself, `none` is left out. Default: it shares the second line. */
  readonly narrow?: 'first' | 'none';
}

interface LongTableProps<Row> {
  /** What is in it, for readers of screens. */
  readonly label: string;
  readonly columns: readonly LongColumn<Row>[];
  readonly rows: readonly Row[];
  readonly keyOf: (row: Row) => string | number;
  readonly onOpen: (row: Row) => void;
  /** The key of the row that is shown beside the table. */
  readonly openKey?: string | number | undefined;
  /** What the colour at the edge of a row means. */
  readonly toneOf?: (row: Row) => string | undefined;
  /** Called near the end, for more rows. */
  readonly onNearEnd?: () => void;
  /** Called when the first row comes into sight or goes out of it. */
  readonly onTop?: (isAtTop: boolean) => void;
  /** Changes when the table is to go to its first row. */
  readonly topAgain?: number;
}

const rowHeightPx = 30;
const narrowRowHeightPx = 54;

/** Rows from the end at which more are asked for. */
const nearEnd = 40;

/**
 * A table of any length: only the rows in sight are in the document. It is one stop of the Tab key; arrows, Page Up and Down, Home and End
 * move, Enter opens.
 */
export function LongTable<Row>(props: LongTableProps<Row>): JSX.Element {
  const { label, columns, rows, keyOf, onOpen, openKey, toneOf, onNearEnd, onTop, topAgain } = props;
  const id = useId();
  const frame = useRef<HTMLDivElement>(null);
  const head = useRef<HTMLDivElement>(null);
  const isNarrow = useNarrow();
  const heightPx = isNarrow ? narrowRowHeightPx : rowHeightPx;
  const [place, setPlace] = useState({ scrollTopPx: 0, heightPx: 800 });
  const [activeKey, setActiveKey] = useState<string | number | undefined>(undefined);

  const measure = useCallback(() => {
    const element = frame.current;
    if (element === null) return;
    const next = { scrollTopPx: element.scrollTop, heightPx: element.clientHeight - (head.current?.offsetHeight ?? 0) };
    setPlace((before) =>
      before.scrollTopPx === next.scrollTopPx && before.heightPx === next.heightPx ? before : next,
    );
  }, []);
  useLayoutEffect(() => {
    measure();
    const observer = new ResizeObserver(measure);
    if (frame.current !== null) observer.observe(frame.current);
    return () => observer.disconnect();
  }, [measure]);
  useEffect(() => {
    if (topAgain !== undefined) frame.current?.scrollTo({ top: 0 });
  }, [topAgain]);

  const shown = visibleRows(rows.length, heightPx, place);
  const isAtTop = place.scrollTopPx < heightPx;
  useEffect(() => onTop?.(isAtTop), [isAtTop, onTop]);
  const isNearEnd = rows.length > 0 && shown.end >= rows.length - nearEnd;
  useEffect(() => {
    if (isNearEnd) onNearEnd?.();
  }, [isNearEnd, rows.length, onNearEnd]);

  const activeIndex = activeKey === undefined ? -1 : rows.findIndex((row) => keyOf(row) === activeKey);
  const press = (event: KeyboardEvent): void => {
    if (event.altKey || event.ctrlKey || event.metaKey) return;
    const row = rows[activeIndex];
    if ((event.key === 'Enter' || event.key === ' ') && row !== undefined) {
      event.preventDefault();
      onOpen(row);
      return;
    }
    // The first key only shows where one is.
    const from = activeIndex === -1 ? Math.ceil(place.scrollTopPx / heightPx) - 1 : activeIndex;
    const to = rowByKey(event.key, from, rows.length, Math.floor(place.heightPx / heightPx));
    const next = to === undefined ? undefined : rows[to];
    if (to === undefined || next === undefined) return;
    event.preventDefault();
    setActiveKey(keyOf(next));
    frame.current?.scrollTo({ top: scrollToRow(to, heightPx, place) });
  };

  const idOf = (row: Row): string => `${id}-${keyOf(row)}`;
  const active = rows[activeIndex];
  const isActiveDrawn = activeIndex >= shown.first && activeIndex < shown.end;
  return (
    <div
      ref={frame}
      class="long-table"
      role="grid"
      aria-label={label}
      aria-rowcount={rows.length + 1}
      aria-activedescendant={active !== undefined && isActiveDrawn ? idOf(active) : undefined}
      tabIndex={0}
      style={{ '--columns': columns.map(({ width }) => width).join(' '), '--row': `${heightPx}px` }}
      onScroll={measure}
      onKeyDown={press}
    >
      <div class="head" role="rowgroup" ref={head}>
        <div class="row" role="row" aria-rowindex={1}>
          {columns.map(({ key, header, align }) => (
            <span key={key} role="columnheader" data-align={align}>
              {header}
            </span>
          ))}
        </div>
      </div>
      <div class="rows" role="rowgroup" style={{ height: `${shown.totalPx}px` }}>
        <div role="presentation" class="drawn" style={{ transform: `translateY(${shown.offsetPx}px)` }}>
          {rows.slice(shown.first, shown.end).map((row, index) => (
            <div
              key={keyOf(row)}
              id={idOf(row)}
              class="row"
              role="row"
              aria-rowindex={shown.first + index + 2}
              aria-selected={keyOf(row) === openKey}
              data-active={keyOf(row) === activeKey ? '' : undefined}
              data-tone={toneOf?.(row)}
              onClick={() => {
                setActiveKey(keyOf(row));
                onOpen(row);
              }}
            >
              {columns.map(({ key, cell, align, narrow }) => (
                <span key={key} role="gridcell" data-align={align} data-narrow={narrow}>
                  {cell(row)}
                </span>
              ))}
            </div>
          ))}
        </div>
      </div>
    </div>
  );
}
