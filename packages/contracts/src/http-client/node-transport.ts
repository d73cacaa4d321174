import { Agent, type ClientRequest, type IncomingMessage, type RequestOptions, request } from 'node:http';
import { type HttpAnswer, type HttpCall, type Transport, UnsendableRequest } from './transport.ts';

/** Opens one request; node:http's and node:https's `request` both are this. */
type OpenRequest = (url: URL, options: RequestOptions) => ClientRequest;

/** What can be set. */
export interface NodeTransportOptions {
  /** Connections to one host and port at a time; further calls wait. Default: no limit. */
  readonly maxSockets?: number;
  /** How long an idle connection is kept, in milliseconds. Default: until the other side closes it. */
  readonly idleMs?: number;
}

const idempotent: ReadonlySet<string> = new Set(['GET', 'HEAD', 'OPTIONS', 'PUT', 'DELETE']);

/**
 * The transport on node:http, with connections kept open. Not the global fetch: it would load a second HTTP stack into
 * every program. node:https is loaded only when asked for.
 */
export function nodeTransport(options: NodeTransportOptions = {}): Transport {
  const listeners = new Set<() => void>();
  let closed = false;
  const lost = (): void => {
    if (!closed) for (const listener of [...listeners]) listener();
  };
  const settings = {
    keepAlive: true,
    scheduling: 'lifo' as const,
    ...(options.maxSockets === undefined ? {} : { maxSockets: options.maxSockets }),
    ...(options.idleMs === undefined ? {} : { timeout: options.idleMs }),
  };
  const plain = { agent: noticingLoss(new Agent(settings), lost), open: request };
  const secure = onFirstUse(async () => {
    const https = await import('node:https');
    return { agent: noticingLoss(new https.Agent(settings), lost), open: https.request };
  });
  return {
    async send(call) {
      const { agent, open } = isSecure(call.url) ? await secure.get() : plain;
      return sendOnce(open, agent, call).catch((error: unknown) => {
        // Not on another connection that was kept: where one is closed, mostly all are.
        if (error instanceof ReusedConnectionLost) return sendOnce(open, false, call);
        throw error;
      });
    },
    onConnectionLost(listener) {
      // An object of its own, so that one function may listen twice.
      const call = (): void => listener();
      listeners.add(call);
      return () => void listeners.delete(call);
    },
    close() {
      closed = true;
      plain.agent.destroy();
      secure.ifUsed((used) => used.agent.destroy());
    },
  };
}

function isSecure({ protocol }: URL): boolean {
  if (protocol !== 'http:' && protocol !== 'https:')
    throw new UnsendableRequest(`${protocol} is neither http: nor https:`);
  return protocol === 'https:';
}

/** Lets `lost` be called when a socket that the agent keeps for later is closed by the other side. */
function noticingLoss<T extends Agent>(agent: T, lost: () => void): T {
  // The two steps of an agent that its documentation lets be replaced.
  const keep = agent.keepSocketAlive.bind(agent);
  const reuse = agent.reuseSocket.bind(agent);
  agent.keepSocketAlive = (socket) => {
    socket.once('close', lost);
    return keep(socket);
  };
  agent.reuseSocket = (socket, request) => {
    socket.off('close', lost);
    reuse(socket, request);
  };
  return agent;
}

/** The other side closed an idle connection in the moment it was used again. It can't have acted on the request. */
class ReusedConnectionLost extends Error {}

function sendOnce(open: OpenRequest, agent: Agent | false, call: HttpCall): Promise<HttpAnswer> {
  const { method, url, body, signal, mayRepeat = idempotent.has(method) } = call;
  return new Promise((resolve, reject) => {
    const headers: Record<string, string> = { ...call.headers };
    if (body !== undefined) {
      headers['content-type'] = 'application/json';
      headers['content-length'] = String(Buffer.byteLength(body));
    }
    let outgoing: ClientRequest;
    try {
      outgoing = open(url, { method, agent, headers, signal });
    } catch (cause) {
      return reject(new UnsendableRequest('No request can be made with these values', { cause }));
    }
    let answer: IncomingMessage | undefined;
    outgoing.on('error', (error: NodeJS.ErrnoException) => {
      const broken = error.code === 'ECONNRESET' || error.code === 'EPIPE';
      const lost = outgoing.reusedSocket && broken && mayRepeat && !signal.aborted;
      reject(lost ? new ReusedConnectionLost('connection lost', { cause: error }) : error);
      // What is no HTTP in the middle of an answer is told here alone; whoever reads would hear of a lost connection.
      answer?.destroy(error);
    });
    // Without an error: an answer that switches to another protocol. Nothing is left to abort then.
    outgoing.on('close', () => reject(new Error('the answer is none: it switches to another protocol')));
    outgoing.on('response', (incoming) => {
      answer = incoming;
      resolve({ status: incoming.statusCode ?? 0, headers: incoming.headers, body: incoming });
    });
    outgoing.end(body);
  });
}

/** A value made when it is first asked for, once. */
function onFirstUse<T>(make: () => Promise<T>): { get(): Promise<T>; ifUsed(use: (value: T) => void): void } {
  let made: Promise<T> | undefined;
  return {
    get: () => (made ??= make()),
    // A failure to make it was reported to whoever asked for it.
    ifUsed: (use) => void made?.then(use, () => {}),
  };
}
