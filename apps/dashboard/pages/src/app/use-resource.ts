import { useCallback, useEffect, useRef, useState } from 'preact/hooks';
import { type Trouble, troubleOf } from '../api/trouble.ts';
import { useApp } from './app.ts';

/** Something of the API, on its way or here. */
export type Answer<T> =
  | { readonly kind: 'loading' }
  /** `stale`: it is from before, and cannot be had anew because of this. */
  | { readonly kind: 'ready'; readonly value: T; readonly stale?: Trouble }
  | { readonly kind: 'failed'; readonly trouble: Trouble };

/** How something is kept up to date. */
export interface ResourceOptions {
  /** Asked again this long after each answer, in milliseconds. Default: only when the path changes. */
  readonly everyMs?: number;
  /** The event of the live feed that brings the same thing anew. */
  readonly event?: string;
  /** Whether the answer before is shown until that to another path has come, as filters want. Default false. */
  readonly keepPrevious?: boolean;
}

/**
 * Reads a path of the API; undefined reads nothing. After a failure it is asked again until it answers, so that a dashboard which
 * was restarted needs no reload. `reload` asks at once.
 */
export function useResource<T>(
  path: string | undefined,
  { everyMs, event, keepPrevious = false }: ResourceOptions = {},
): { readonly answer: Answer<T>; readonly reload: () => void } {
  const { api, live, preferences } = useApp();
  // Some of what is answered are sentences.
  const language = preferences.language.value;
  const [answer, setAnswer] = useState<Answer<T>>({ kind: 'loading' });
  const [asked, setAsked] = useState(0);
  const shown = useRef<string | undefined>(undefined);
  const reload = useCallback(() => setAsked((count) => count + 1), []);

  useEffect(() => {
    if (path === undefined) return;
    if (shown.current !== path && !keepPrevious) setAnswer({ kind: 'loading' });
    shown.current = path;
    const stop = new AbortController();
    let timer: ReturnType<typeof setTimeout> | undefined;
    const ask = async (): Promise<void> => {
      let againMs = everyMs;
      try {
        const value = await api.read<T>(path, stop.signal);
        setAnswer({ kind: 'ready', value });
      } catch (error) {
        if (stop.signal.aborted) return;
        const trouble = troubleOf(error);
        againMs = Math.max(everyMs ?? 0, retryMs);
        setAnswer((before) => (before.kind === 'ready' ? { ...before, stale: trouble } : { kind: 'failed', trouble }));
      }
      if (againMs !== undefined && !stop.signal.aborted) timer = setTimeout(() => void ask(), againMs);
    };
    void ask();
    const forget = event === undefined ? undefined : live.on<T>(event, (value) => setAnswer({ kind: 'ready', value }));
    return () => {
      stop.abort();
      clearTimeout(timer);
      forget?.();
    };
  }, [path, asked, everyMs, event, keepPrevious, api, live, language]);

  return { answer, reload };
}

/** Soon enough to be there when the dashboard is, seldom enough to cost nothing. */
const retryMs = 3_000;
