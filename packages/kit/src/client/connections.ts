import { Agent, type ClientRequest, type RequestOptions, request } from 'node:http';

/** Opens one request; node:http's and node:https's `request` both are this. */
export type OpenRequest = (url: URL, options: RequestOptions) => ClientRequest;

/** What calls go out on. */
export interface Connections {
  /** How a request of this scheme is opened; rejects for a scheme that is neither `http:` nor `https:`. */
  opener(protocol: string): Promise<OpenRequest>;
}

/** Node's own connections, which all callers of a process share. */
export const sharedConnections: Connections = {
  opener: async (protocol) => (isSecure(protocol) ? (await import('node:https')).request : request),
};

/** Connections of one client, kept open between calls. */
export interface OwnConnections extends Connections {
  /** Closes the idle ones and those of calls in flight. */
  close(): void;
}

export function createConnections(options: { readonly maxSockets: number; readonly timeout: number }): OwnConnections {
  const settings = { ...options, keepAlive: true, scheduling: 'lifo' } as const;
  const plain = new Agent(settings);
  // TLS is loaded when it is first needed: inside a fleet it is not.
  let secure: Promise<{ readonly agent: Agent; readonly open: OpenRequest }> | undefined;
  const loadSecure = async (): Promise<{ readonly agent: Agent; readonly open: OpenRequest }> => {
    const https = await import('node:https');
    return { agent: new https.Agent(settings), open: https.request };
  };
  return {
    async opener(protocol) {
      if (!isSecure(protocol)) return (url, how) => request(url, { ...how, agent: plain });
      secure ??= loadSecure();
      const { agent, open } = await secure;
      return (url, how) => open(url, { ...how, agent });
    },
    close() {
      plain.destroy();
      void secure?.then(({ agent }) => agent.destroy());
    },
  };
}

function isSecure(protocol: string): boolean {
  if (protocol !== 'http:' && protocol !== 'https:') throw new TypeError(`${protocol} is neither http: nor https:`);
  return protocol === 'https:';
}
