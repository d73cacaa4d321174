import type { ServerResponse } from 'node:http';
import type { KeptLine, LogEvent } from './control-types.ts';
import type { LogRing } from './log-ring.ts';

/** As much may wait for a reader that is slow or was stopped; lines beyond are counted. */
const mostWaitingBytes = 1024 * 1024;

/** Which lines somebody wants. */
export interface WantedLogs {
  /** Whether they are of this process. Asked for each line: instances come and go. */
  readonly wants: (name: string) => boolean;
  /** So many that are there already. */
  readonly tail: number;
  /** Those that come, too. */
  readonly follow: boolean;
}

/** Sends lines of the log, each a JSON document on a line of its own. */
export function sendLogs(response: ServerResponse, logs: LogRing, { wants, tail, follow }: WantedLogs): void {
  response.writeHead(200, { 'content-type': 'application/x-ndjson', connection: 'close' });
  response.flushHeaders();
  const write = (event: LogEvent): void => void response.write(`${JSON.stringify(event)}\n`);
  for (const line of logs.last(tail, wants)) write({ kind: 'line', ...line });
  if (!follow) {
    response.end();
    return;
  }
  let dropped = 0;
  const unfollow = logs.follow((line: KeptLine) => {
    if (!wants(line.name)) return;
    if (response.writableLength > mostWaitingBytes) {
      dropped += 1;
      return;
    }
    if (dropped > 0) write({ kind: 'dropped', lines: dropped });
    dropped = 0;
    write({ kind: 'line', ...line });
  });
  response.on('close', unfollow);
}
