import { STATUS_CODES } from 'node:http';
import type { Duplex } from 'node:stream';
import type { LocalResponse } from '../engine/engine.ts';
import type { ExchangeRecord } from '../exchange/exchange-record.ts';

/** Answers on the bare connection, for what came was no request that Node could make an answer to; then closes. */
export function answerBrokenMessage(socket: Duplex, answer: LocalResponse, record: ExchangeRecord): void {
  const { identity } = record;
  const body = Buffer.from(answer.body);
  const fields = [
    ...answer.headers,
    'X-Request-Id',
    identity.requestId,
    'X-Trace-Id',
    identity.trace.traceId,
    'Content-Length',
    String(body.length),
    'Connection',
    'close',
  ];
  let head = `HTTP/1.1 ${answer.status} ${STATUS_CODES[answer.status] ?? ''}\r\n`;
  for (let at = 0; at < fields.length; at += 2) head += `${fields[at] ?? ''}: ${fields[at + 1] ?? ''}\r\n`;
  socket.on('error', () => socket.destroy());
  socket.end(Buffer.concat([Buffer.from(`${head}\r\n`, 'latin1'), body]));
  record.status = answer.status;
  record.responseBytes = body.length;
}
