import { createServer, type IncomingMessage, request, type Server } from 'node:http';
import { Duplex } from 'node:stream';
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Question } from './generate.ts';

/** A message as Node's own parser read it. */
export interface NodeMessage {
  readonly line: string;
  readonly rawHeaders: readonly string[];
  body: string;
  rawTrailers: readonly string[];
  complete: boolean;
}

/** What Node read out of a connection, and the code of the error that stopped it. */
export interface NodeReading {
  readonly messages: NodeMessage[];
  error: string | undefined;
}

/** A connection in memory: what is pushed is what the peer sent; what is written is thrown away. */
class MemorySocket extends Duplex {
  readonly reading: NodeReading = { messages: [], error: undefined };

  override _read(): void {}

  override _write(_chunk: unknown, _encoding: unknown, done: () => void): void {
    done();
  }
}

/**
 * Keeps what the parser pushes into the message at the moment it does: an error in the bytes that follow destroys the
 * socket, and the stream would never hand out a body that was read before.
 */
function note(reading: NodeReading, message: IncomingMessage, line: string): void {
  const read: NodeMessage = { line, rawHeaders: message.rawHeaders, body: '', rawTrailers: [], complete: false };
  reading.messages.push(read);
  message.push = (chunk: Buffer | null): boolean => {
    if (chunk === null) {
      read.complete = message.complete;
      read.rawTrailers = message.rawTrailers;
    } else read.body += chunk.toString('latin1');
    return true;
  };
  message.on('error', () => {});
}

/**
 * How Node's server reads requests, through an `http.Server` that never listens. It never answers either: an answer could
 * close the connection while a later request is still to be read.
 */
export function createRequestOracle(): (all: readonly string[]) => Promise<NodeReading[]> {
  const server: Server = createServer({ insecureHTTPParser: false, requireHostHeader: true });
  const onRequest = (message: IncomingMessage): void => {
    // Only MemorySockets are given to this server.
    const { reading } = message.socket as unknown as MemorySocket;
    note(reading, message, `${message.method} ${message.url} ${message.httpVersion}`);
  };
  server.on('request', onRequest);
  server.on('checkContinue', onRequest);
  server.on('checkExpectation', onRequest);
  server.on('connect', (message, socket) => {
    onRequest(message);
    const last = (socket as unknown as MemorySocket).reading.messages.at(-1);
    if (last !== undefined) last.complete = true;
  });
  server.on('clientError', (error: NodeJS.ErrnoException, socket) => {
    (socket as unknown as MemorySocket).reading.error ??= error.code ?? 'unknown';
    socket.destroy();
  });
  return async (all) => {
    const sockets = all.map((bytes) => {
      const socket = new MemorySocket();
      socket.on('error', () => {});
      server.emit('connection', socket);
      socket.push(Buffer.from(bytes, 'latin1'));
      return socket;
    });
    await nextTurn();
    await nextTurn();
    for (const socket of sockets) socket.destroy();
    return sockets.map(({ reading }) => reading);
  };
}

/** How Node's client reads the answer to each question, with the connection ending after the bytes. */
export async function readResponsesWithNode(
  all: readonly { readonly bytes: string; readonly question: Question }[],
): Promise<NodeReading[]> {
  const sockets = all.map(({ bytes, question }) => {
    const socket = new MemorySocket();
    const { reading } = socket;
    const headers = question.upgrade ? { connection: 'Upgrade', upgrade: 'websocket' } : {};
    const call = request({ method: question.method, host: 'a.example', headers, createConnection: () => socket });
    call.on('information', ({ statusCode, statusMessage, rawHeaders }) => {
      const line = `${statusCode} ${statusMessage}`;
      reading.messages.push({ line, rawHeaders, body: '', rawTrailers: [], complete: true });
    });
    call.on('response', (message) => note(reading, message, `${message.statusCode} ${message.statusMessage}`));
    call.on('upgrade', (message, connection) => {
      note(reading, message, `${message.statusCode} ${message.statusMessage}`);
      const last = reading.messages.at(-1);
      if (last !== undefined) last.complete = true;
      connection.destroy();
    });
    call.on('error', (error: NodeJS.ErrnoException) => {
      reading.error ??= error.code ?? 'unknown';
    });
    socket.on('error', () => {});
    call.end();
    socket.push(Buffer.from(bytes, 'latin1'));
    socket.push(null);
    return socket;
  });
  await nextTurn();
  await nextTurn();
  await nextTurn();
  for (const socket of sockets) socket.destroy();
  return sockets.map(({ reading }) => reading);
}
