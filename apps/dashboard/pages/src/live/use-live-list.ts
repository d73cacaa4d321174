import { useCallback, useEffect, useMemo, useRef, useState } from 'preact/hooks';
import { type Trouble, troubleOf } from '../api/trouble.ts';
import {
  cleared,
  type Dated,
  emptyList,
  type KeyOf,
  type LiveList,
  paused,
  reachesKnown,
  resumed,
  withNew,
  withNewest,
  withOlder,
} from './live-list.ts';

/** Some rows, newest first, and where the next ones are. */
export interface RowPage<Row> {
  readonly rows: readonly Row[];
  readonly cursor?: string;
}

/** Where the rows of a page come from. Make it with `useMemo`: another source begins anew. */
export interface RowSource<Row> {
  readonly keyOf: KeyOf<Row>;
  readonly read: (cursor: string | undefined, signal: AbortSignal) => Promise<RowPage<Row>>;
  /** Rows as they come. Undefined: what there is does not change. */
  readonly follow?: Following<Row>;
}

/** How new rows are learnt of. */
export type Following<Row> =
  | { readonly kind: 'ask'; readonly everyMs: number }
  | { readonly kind: 'listen'; readonly listen: (hear: (rows: readonly Row[]) => void) => () => void };

/** The rows of a page and what can be done with them. */
export interface LiveRows<Row extends Dated> {
  readonly list: LiveList<Row>;
  readonly isLoading: boolean;
  readonly trouble: Trouble | undefined;
  readonly pause: () => void;
  readonly resume: () => void;
  readonly clear: () => void;
  /** Asks for older rows, if there are any. */
  readonly more: () => void;
  readonly reload: () => void;
}

/** How long until a question that failed is asked again. */
const retryMs = 3_000;

/** Rows that are read once, then followed, and read further down when asked for. */
export function useLiveList<Row extends Dated>(source: RowSource<Row>): LiveRows<Row> {
  const [list, setList] = useState<LiveList<Row>>(emptyList);
  const [isLoading, setLoading] = useState(true);
  const [trouble, setTrouble] = useState<Trouble | undefined>(undefined);
  const [asked, setAsked] = useState(0);
  const isAskingMore = useRef(false);
  const current = useRef(list);
  current.current = list;

  useEffect(() => {
    const stop = new AbortController();
    let timer: ReturnType<typeof setTimeout> | undefined;
    setLoading(true);
    isAskingMore.current = false;
    const { keyOf, follow } = source;
    // What was there before stays in sight until the first answer: a change of the filter does not make the page jump.
    let isFirst = true;
    const early: Row[] = [];
    const ask = async (): Promise<void> => {
      let againMs = follow?.kind === 'ask' ? follow.everyMs : undefined;
      try {
        const page = await source.read(undefined, stop.signal);
        const begins = isFirst;
        isFirst = false;
        setList((before) => {
          if (begins) return withNew(withOlder(emptyList<Row>(), page.rows, page.cursor, keyOf), early, keyOf);
          if (reachesKnown(before, page.rows, page.cursor !== undefined, keyOf))
            return withNewest(before, page.rows, page.cursor !== undefined, keyOf);
          // Whoever reads keeps what is in sight; the gap closes with the next page after that.
          return before.isPaused ? before : withOlder(emptyList<Row>(), page.rows, page.cursor, keyOf);
        });
        setTrouble(undefined);
        setLoading(false);
      } catch (error) {
        if (stop.signal.aborted) return;
        setTrouble(troubleOf(error));
        setLoading(false);
        againMs = Math.max(againMs ?? 0, retryMs);
      }
      if (againMs !== undefined && !stop.signal.aborted) timer = setTimeout(() => void ask(), againMs);
    };
    void ask();
    const forget =
      follow?.kind === 'listen'
        ? follow.listen((rows) => {
            if (isFirst) early.push(...rows);
            else setList((before) => withNew(before, rows, keyOf));
          })
        : undefined;
    return () => {
      stop.abort();
      clearTimeout(timer);
      forget?.();
    };
  }, [source, asked]);

  const more = useCallback(() => {
    const { cursor } = current.current;
    if (cursor === undefined || isAskingMore.current) return;
    isAskingMore.current = true;
    source.read(cursor, AbortSignal.timeout(30_000)).then(
      (page) => {
        // A change of the filter, or a gap, may have made this answer one to another question.
        setList((before) =>
          before.cursor === cursor ? withOlder(before, page.rows, page.cursor, source.keyOf) : before,
        );
        isAskingMore.current = false;
      },
      () => {
        // Scrolling on asks again.
        isAskingMore.current = false;
      },
    );
  }, [source]);

  return useMemo(
    () => ({
      list,
      isLoading,
      trouble,
      more,
      pause: () => setList(paused),
      resume: () => setList((before) => resumed(before, source.keyOf)),
      clear: () => setList(cleared),
      reload: () => setAsked((count) => count + 1),
    }),
    [list, isLoading, trouble, more, source],
  );
}
