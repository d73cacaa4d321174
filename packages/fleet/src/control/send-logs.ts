import type { ServerResponse } from 'node:http';
import type { KeptLine, LogEvent } from './control-types.ts';
import type { LogRing } from './log-ring.ts';

/** The most that is buffered for a slow or suspended reader; further lines are only counted. */
const mostWaitingBytes = 1024 * 1024;

/** Which lines to send. */
export interface WantedLogs {
  /** Whether they are of this process. Asked for each line: instances come and go. */
  readonly wants: (name: string) => boolean;
  /** The number of existing lines. */
  readonly tail: number;
  /** New lines, too. */
  readonly follow: boolean;
}

/** Sends lines of the log, each as a JSON document on its own line. */
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
