import type { Socket } from 'node:net';
import type { Framing, RequestHead as ParsedHead } from '@flotilla/http1';
import { bringsBoundLogin } from '../headers/bound-login.ts';
import type { RequestHead } from '../headers/request-head.ts';
import type { ConnectionPlace } from './client-admission.ts';
import type { RequestFacts } from './upstream-connection-options.ts';
import { opensWebSocket } from './websocket-handshake.ts';

/** A request as the client's side of the engine has read it: its head, and what the head says of the body. */
export interface IncomingRequest {
  readonly head: RequestHead;
  /** `none`, `length` or `chunked`. */
  readonly framing: Framing;
  /** -1 unless the framing is `length`. */
  readonly contentLength: number;
  /** The client waits for 100 (Continue) before it sends the body. */
  readonly expectContinue: boolean;
  /** The protocols the client offers to switch to, of those that are let through: `websocket` or none. */
  readonly offered: readonly string[];
  /** Of its connection, as far as that serves nobody else meanwhile. */
  readonly place: Pick<ConnectionPlace, 'setLongLived'>;
}

/** What a request has from its connection. */
export interface ConnectionFacts {
  /** How the client reached this gateway. */
  readonly scheme: 'http' | 'https';
  readonly remoteAddress: string;
  /** What the client has connected to, for one that names no host. */
  readonly authority: string;
  readonly place: Pick<ConnectionPlace, 'setLongLived'>;
}

/** What is known of a connection before its first request. */
export function connectionFacts(
  socket: Socket,
  settings: { readonly scheme: 'http' | 'https'; ownAuthority(socket: Socket): string },
  place: Pick<ConnectionPlace, 'setLongLived'>,
): ConnectionFacts {
  const { remoteAddress = '' } = socket;
  return { scheme: settings.scheme, remoteAddress, authority: settings.ownAuthority(socket), place };
}

/** Of a connection that serves other requests beside any that is long-lived. */
export const sharedPlace: Pick<ConnectionPlace, 'setLongLived'> = { setLongLived: () => undefined };

const noOffer: readonly string[] = [];
const websocket: readonly string[] = ['websocket'];

/** The request whose head was read. */
export function incomingRequest(
  parsed: ParsedHead,
  httpVersion: RequestHead['httpVersion'],
  connection: ConnectionFacts,
): IncomingRequest {
  const opens = parsed.upgrade.length > 0 && opensWebSocket(parsed);
  return {
    head: {
      method: parsed.method,
      target: parsed.pathAndQuery,
      host: parsed.host === '' ? connection.authority : parsed.host,
      scheme: connection.scheme,
      httpVersion,
      headers: parsed.fields,
      fieldIds: parsed.ids,
      connection: parsed.connection,
      remoteAddress: connection.remoteAddress,
    },
    // What follows a handshake is the new protocol's. A length of zero says the same, and some servers stumble on it.
    framing: opens ? 'none' : parsed.framing,
    contentLength: opens ? -1 : parsed.contentLength,
    expectContinue: parsed.expectContinue,
    offered: opens ? websocket : noOffer,
    place: connection.place,
  };
}

/** What the attempts at upstreams need to know of it. */
export function requestFacts({ head, offered }: IncomingRequest): RequestFacts {
  return { method: head.method, offered, head, bringsLogin: bringsBoundLogin(head.headers, head.fieldIds) };
}
