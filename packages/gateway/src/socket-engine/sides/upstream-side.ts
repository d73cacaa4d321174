import type { LimitedFailure } from '../../attempt/outcome.ts';
import type { HeaderList } from '../../headers/header-list.ts';
import type { RequestHead } from '../../headers/request-head.ts';
import type { Upstream } from '../../upstream/upstream.ts';
import type { OwnConnections, OwnConnectionsHolder } from './own-connections.ts';
import type { TunnelEnd, TunnelSide } from './tunnel-side.ts';

/** A request as it goes to an upstream, without the fields of framing and connection, which each protocol has its own way for. */
export interface OutgoingRequest {
  readonly method: string;
  /** Origin-form, or `*`. */
  readonly target: string;
  /** `Host` first. All of them come out of a parser or are made by the gateway from checked parts. */
  readonly fields: HeaderList;
  readonly hasBody: boolean;
  /** -1: no body, or one whose length is not known. */
  readonly contentLength: number;
  /** The client waits for 100 (Continue) before it sends the body. */
  readonly expectContinue: boolean;
  /** The protocols that are offered to switch to, in lower case; empty for nearly all. */
  readonly offered: readonly string[];
  /** Whether it brings a login that is bound to its connection. */
  readonly bringsLogin: boolean;
  /** The request of the client for whom it is sent, whose share of the connections it takes. */
  readonly onBehalfOf: RequestHead | undefined;
  /** The connections that belong to its client's, if that has any. */
  readonly own: OwnConnections | undefined;
  /** Whose they are, or will be once a login is made on one; undefined: then none is kept. */
  readonly ownHolder: OwnConnectionsHolder | undefined;
}

/** The upstream of one attempt: over HTTP/1.1 a connection for a while, over HTTP/2 a stream. The twin of `ClientSide`. */
export interface UpstreamSide {
  readonly upstream: Upstream;
  /** Sends the request's head: the whole request when it has no body, else the part that leaves with {@link flush}. */
  sendHead(request: OutgoingRequest): void;
  /** Sends part of the body. The memory is kept until it has left. */
  sendBody(bytes: Buffer): void;
  /** The body is complete. */
  sendEnd(trailers: HeaderList): void;
  /** Hands what was sent since the head to the system, head included; what follows leaves at once. */
  flush(): void;
  /** Whether so much waits to leave that nothing more should be sent before `ResponseSink.onWritable`. */
  readonly backedUp: boolean;
  /** What was sent and has not left yet: while it shrinks, the upstream takes something. */
  readonly unsentBytes: number;
  /** Stops reading until {@link resume}: the receiver is slower than the upstream. */
  pause(): void;
  resume(): void;
  /** The exchange goes on for as long as it likes: counts its connection apart from now on, or says which limit forbids it. */
  holdLong(): LimitedFailure | undefined;
  /** After a 101: what comes from the upstream from now on goes to `peer`. HTTP/1.1 only. */
  openTunnel(peer: TunnelEnd): TunnelSide;
  /** Gives the exchange up. Whoever waited hears nothing more. */
  cancel(): void;
}
