import { type ReadonlySignal, signal } from '@preact/signals';

/** Whether what is shown follows what happens. */
export type Liveness = 'connecting' | 'live' | 'lost';

/** What the dashboard sends by itself: `GET /api/events`, one connection for all pages. */
export interface LiveFeed {
  readonly liveness: ReadonlySignal<Liveness>;
  /** Calls with the data of each event of this name, until the returned function is called. */
  on<T>(event: string, hear: (data: T) => void): () => void;
}

/** Opens the feed. Browsers reconnect by themselves unless the server refuses, so that is tried again here. */
export function openLiveFeed(path: string, retryMs = 3_000): LiveFeed {
  const liveness = signal<Liveness>('connecting');
  const hearers = new Map<string, Set<(data: unknown) => void>>();
  let source = connect();
  return {
    liveness,
    on: <T>(event: string, hear: (data: T) => void) => {
      const known = hearers.get(event);
      const set = known ?? new Set();
      // The server's events are as the wire says.
      const hearAny = (data: unknown): void => hear(data as T);
      set.add(hearAny);
      if (known === undefined) {
        hearers.set(event, set);
        listen(source, event, set);
      }
      return () => set.delete(hearAny);
    },
  };

  function connect(): EventSource {
    const opened = new EventSource(path);
    opened.addEventListener('open', () => {
      liveness.value = 'live';
    });
    opened.addEventListener('error', () => {
      liveness.value = 'lost';
      if (opened.readyState !== EventSource.CLOSED) return;
      setTimeout(() => {
        source = connect();
      }, retryMs);
    });
    for (const [event, set] of hearers) listen(opened, event, set);
    return opened;
  }

  function listen(to: EventSource, event: string, set: ReadonlySet<(data: unknown) => void>): void {
    to.addEventListener(event, ({ data }: MessageEvent<string>) => {
      const value: unknown = JSON.parse(data);
      for (const hear of set) hear(value);
    });
  }
}
