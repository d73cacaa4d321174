import { STATUS_CODES } from 'node:http';
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { AppError, type Locale } from '@flotilla/contracts';
import { problemAnswer } from '../problem/index.ts';
import { newRequestId } from '../telemetry/index.ts';
import { answerOn } from './answer-on.ts';

/** What Node's parser reports. */
export interface ParserError extends Error {
  readonly code?: string | undefined;
  /** The bytes the parser was reading. */
  readonly rawPacket?: unknown;
}

/** Answers what never became a request: the parser refused it, or it took too long. Closes the connection. */
export function answerClientError(error: ParserError, socket: Socket, locale: Locale): void {
  if (error.code === 'ECONNRESET' || !socket.writable || isAnswering(socket)) {
    socket.destroy();
    return;
  }
  endWithProblem(mapParserError(error), socket, locale);
}

/** Answers CONNECT, which has no route; Node itself would just close the connection. */
export function answerConnect(socket: Duplex, locale: Locale): void {
  socket.on('error', () => socket.destroy());
  endWithProblem(new AppError('NOT_IMPLEMENTED', { detail: 'CONNECT is not supported.' }), socket, locale);
}

function endWithProblem(error: AppError, socket: Duplex, locale: Locale): void {
  const problem = problemAnswer(error, { locale, requestId: newRequestId() }, undefined);
  const headers = Object.entries(problem.headers).map(([name, value]) => `${name}: ${value}\r\n`);
  const status = `HTTP/1.1 ${problem.status} ${STATUS_CODES[problem.status] ?? ''}\r\n`;
  socket.end(`${status}${headers.join('')}connection: close\r\n\r\n${problem.body}`);
}

/** Maps an error of Node's parser to an error code. */
function mapParserError(error: ParserError): AppError {
  switch (error.code) {
    case 'HPE_HEADER_OVERFLOW':
      return new AppError(isLongTarget(error.rawPacket) ? 'URI_TOO_LONG' : 'HEADERS_TOO_LARGE', { cause: error });
    case 'ERR_HTTP_REQUEST_TIMEOUT':
      return new AppError('REQUEST_TIMEOUT', { cause: error });
    case 'HPE_INVALID_VERSION':
      return new AppError('HTTP_VERSION_NOT_SUPPORTED', { cause: error });
    case 'HPE_INVALID_METHOD':
      return new AppError(isUnknownMethod(error.rawPacket) ? 'NOT_IMPLEMENTED' : 'BAD_MESSAGE', { cause: error });
    default:
      return new AppError('BAD_MESSAGE', { cause: error });
  }
}

/** Whether the first line does not end within 8 KiB: then the target was too long, not the fields after it. */
function isLongTarget(packet: unknown): boolean {
  if (!Buffer.isBuffer(packet)) return false;
  const end = packet.indexOf('\n');
  return packet.length > 1000 && (end < 0 || end > 8192);
}

/** `BREW / HTTP/1.1` is a valid message with an unknown method; anything else is not HTTP at all. */
function isUnknownMethod(packet: unknown): boolean {
  return Buffer.isBuffer(packet) && /^[!#$%&'*+.^_`|~0-9A-Za-z-]{1,64} [/*]/.test(packet.toString('latin1', 0, 100));
}

/** Whether an answer has begun on the socket: a second one in the middle would be read as its body. */
function isAnswering(socket: Socket): boolean {
  return answerOn(socket)?.headersSent === true;
}
