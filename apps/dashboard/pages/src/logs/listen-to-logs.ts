import type { LogRow } from '@flotilla/dashboard/wire';

/** How long lines are collected before they are shown, so that a flood of them costs a drawing each time and no more. */
const collectMs = 200;

/** How long until a stream that the server has ended is opened again. Browsers reopen by themselves those that broke. */
const reopenMs = 3_000;

/** Listens to the live tail at an address, until the returned function is called. */
export function listenToLogs(
  address: string,
  hear: (rows: readonly LogRow[]) => void,
  onLost: (isLost: boolean) => void,
): () => void {
  let collected: LogRow[] = [];
  let flush: ReturnType<typeof setTimeout> | undefined;
  let reopen: ReturnType<typeof setTimeout> | undefined;
  let source = open();
  return () => {
    source.close();
    clearTimeout(flush);
    clearTimeout(reopen);
  };

  function open(): EventSource {
    const stream = new EventSource(address);
    stream.addEventListener('open', () => onLost(false));
    stream.addEventListener('error', () => {
      onLost(true);
      if (stream.readyState !== EventSource.CLOSED) return;
      reopen = setTimeout(() => {
        source = open();
      }, reopenMs);
    });
    stream.addEventListener('log', ({ data }: MessageEvent<string>) => {
      // The server sends what the wire says.
      collected.push(JSON.parse(data) as LogRow);
      flush ??= setTimeout(() => {
        const rows = collected;
        collected = [];
        flush = undefined;
        hear(rows);
      }, collectMs);
    });
    return stream;
  }
}
