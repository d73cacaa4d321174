import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { createServer as createHttp2Server, createSecureServer, type ServerHttp2Session } from 'node:http2';
import { createServer as createHttpsServer } from 'node:https';
import type { AddressInfo, Server, Socket } from 'node:net';

/** Answers one request, over whichever protocol it came. */
export type Handler = (request: IncomingMessage, response: ServerResponse) => void | Promise<void>;

/** A service in one protocol, and how a test breaks it. */
export interface ProtocolServer extends AsyncDisposable {
  readonly address: string;
  readonly port: number;
  /** Connections that are open now. */
  readonly connections: number;
  /** All that were ever opened. */
  readonly accepted: number;
  /** Cuts all connections. */
  cut(): void;
  /** Ends all connections as its protocol does when they are idle. */
  closeIdle(): void;
}

/** Starts a service in the protocol that the suite is about. */
export type Serve = (handler: Handler) => Promise<ProtocolServer>;

/** A certificate and its key, in PEM. */
export interface ServerIdentity {
  readonly cert: Buffer;
  readonly key: Buffer;
}

/** HTTP/1.1, over TLS with an identity. */
export function serveHttp1(identity?: ServerIdentity): Serve {
  return (handler) => {
    const answer = (request: IncomingMessage, response: ServerResponse): void => void handler(request, response);
    const server = identity === undefined ? createServer(answer) : createHttpsServer(identity, answer);
    return listening(server, () => server.closeIdleConnections());
  };
}

/** HTTP/2 for those who know that it is spoken, over TLS with an identity. */
export function serveHttp2(identity?: ServerIdentity): Serve {
  return (handler) => {
    // Node's compatible requests and responses have all that handlers here use.
    const answer = (request: unknown, response: unknown): void =>
      void handler(request as IncomingMessage, response as ServerResponse);
    const server = identity === undefined ? createHttp2Server(answer) : createSecureServer(identity, answer);
    const sessions = new Set<ServerHttp2Session>();
    server.on('session', (session) => {
      sessions.add(session);
      session.on('close', () => sessions.delete(session));
      session.on('error', () => undefined);
    });
    return listening(server, () => {
      for (const session of sessions) session.close();
    });
  };
}

async function listening(server: Server, closeIdle: () => void): Promise<ProtocolServer> {
  const sockets = new Set<Socket>();
  let accepted = 0;
  server.on('connection', (socket: Socket) => {
    accepted += 1;
    sockets.add(socket);
    socket.on('error', () => undefined);
    socket.on('close', () => sockets.delete(socket));
  });
  const cut = (): void => {
    for (const socket of sockets) socket.destroy();
  };
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  // It listens on a port.
  const { port } = server.address() as AddressInfo;
  return {
    address: '127.0.0.1',
    port,
    get connections() {
      return sockets.size;
    },
    get accepted() {
      return accepted;
    },
    cut,
    closeIdle,
    async [Symbol.asyncDispose]() {
      cut();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
