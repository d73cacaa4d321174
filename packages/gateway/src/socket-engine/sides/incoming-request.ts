import type { Socket } from 'node:net';
import type { Framing, ParsedRequestHead } from '@flotilla/http1';
import type { ClientFacts } from '../../engine/policy-step.ts';
import { bringsBoundLogin } from '../../headers/bound-login.ts';
import type { FieldEdits } from '../../headers/field-edits.ts';
import { type ForwardingRules, upstreamRequestFields } from '../../headers/request-fields.ts';
import type { RequestHead, RequestIdentity } from '../../headers/request-head.ts';
import type { OwnConnectionsHolder } from './own-connections.ts';
import type { OutgoingRequest } from './upstream-side.ts';
import { opensWebSocket } from './websocket-handshake.ts';

/** The place of a client's connection in the counts. */
export interface CountedPlace {
  /** Counts it as long-lived, apart from the others, or as one of them again. */
  setLongLived(longLived: boolean): void;
}

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
  readonly connection: ConnectionFacts;
  /** What policies change of it on its way up; undefined: there are none. Said here, so that all requests have one shape. */
  edits: FieldEdits | undefined;
}

/** What a request has from its connection. */
export interface ConnectionFacts extends ClientFacts {
  /** What the client has connected to, for one that names no host. */
  readonly authority: string;
  /** As far as it serves nobody else meanwhile. */
  readonly place: CountedPlace;
}

/** What is known of a connection before its first request. */
export function connectionFacts(
  socket: Socket,
  settings: { readonly scheme: 'http' | 'https'; ownAuthority(socket: Socket): string },
  place: CountedPlace,
): ConnectionFacts {
  const { remoteAddress = '' } = socket;
  return { scheme: settings.scheme, remoteAddress, authority: settings.ownAuthority(socket), place };
}

/** Of a connection that serves other requests beside any that is long-lived. */
export const sharedPlace: CountedPlace = { setLongLived: () => undefined };

const noOffer: readonly string[] = [];
const websocket: readonly string[] = ['websocket'];

/** The request whose head was read. */
export function incomingRequest(
  parsed: ParsedRequestHead,
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
    connection,
    edits: undefined,
  };
}

/**
 * The request as it goes to an upstream, with the fields that are passed on, and ours.
 *
 * @param client whose connections to upstreams it may use
 */
export function outgoingRequest(
  { contentLength, edits, expectContinue, framing, head, offered }: IncomingRequest,
  target: string,
  identity: RequestIdentity,
  rules: ForwardingRules,
  client: OwnConnectionsHolder,
): OutgoingRequest & { readonly fields: string[] } {
  const fields = upstreamRequestFields(head, identity, rules);
  edits?.applyTo(fields);
  return {
    method: head.method,
    target,
    fields,
    hasBody: framing !== 'none',
    contentLength,
    expectContinue,
    offered,
    bringsLogin: bringsBoundLogin(head.headers, head.fieldIds),
    onBehalfOf: head,
    own: client.own,
    ownHolder: client,
  };
}
