import { Agent, type ClientRequest, type IncomingMessage, type RequestOptions, request } from 'node:http';
import type { HttpAnswer, HttpCall, Transport } from './transport.ts';

/** Opens one request; node:http's and node:https's `request` both are this. */
type OpenRequest = (url: URL, options: RequestOptions) => ClientRequest;

/**
 * The transport of this package, on node:http with connections kept open: one renewal every 20 s does not need more,
 * and the global fetch would load a second HTTP stack into every service. node:https is loaded only when asked for.
 */
export function nodeTransport(): Transport {
  const listeners = new Set<() => void>();
  let closed = false;
  const lost = (): void => {
    if (!closed) for (const listener of [...listeners]) listener();
  };
  const agent = noticingLoss(new Agent({ keepAlive: true }), lost);
  const secure = onFirstUse(async () => {
    const https = await import('node:https');
    return { agent: noticingLoss(new https.Agent({ keepAlive: true }), lost), open: https.request };
  });
  return {
    async send(call) {
      const { agent: chosen, open } = call.url.protocol === 'https:' ? await secure.get() : { agent, open: request };
      return sendOnce(open, chosen, call).catch((error: unknown) => {
        // The server closed an idle connection in the moment we reused it. Every call of this package may be repeated.
        if (error instanceof ReusedConnectionLost) return sendOnce(open, chosen, call);
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
      agent.destroy();
      secure.ifUsed((used) => used.agent.destroy());
    },
  };
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

class ReusedConnectionLost extends Error {}

function sendOnce(open: OpenRequest, agent: Agent, call: HttpCall): Promise<HttpAnswer> {
  return new Promise((resolve, reject) => {
    const headers: Record<string, string> = { ...call.headers };
    if (call.body !== undefined) {
      headers['content-type'] = 'application/json';
      headers['content-length'] = String(Buffer.byteLength(call.body));
    }
    const outgoing = open(call.url, { method: call.method, agent, headers, signal: call.signal });
    outgoing.on('error', (error: NodeJS.ErrnoException) => {
      const lost = outgoing.reusedSocket && error.code === 'ECONNRESET';
      reject(lost && !call.signal.aborted ? new ReusedConnectionLost('connection lost', { cause: error }) : error);
    });
    outgoing.on('response', (answer: IncomingMessage) =>
      resolve({ status: answer.statusCode ?? 0, headers: answer.headers, body: answer }),
    );
    outgoing.end(call.body);
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
