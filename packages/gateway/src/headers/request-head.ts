import type { TraceContext } from '@flotilla/kit/telemetry';
import type { HeaderList } from './header-list.ts';

/** The head of a request that the engine has read and found well-formed. */
export interface RequestHead {
  readonly method: string;
  /** Origin-form (or `*` with OPTIONS), the bytes as received; an absolute-form target has been reduced to it. */
  readonly target: string;
  /** The effective authority: of an absolute-form target if there was one, else of `Host`. */
  readonly host: string;
  /** How the client reached this gateway. */
  readonly scheme: 'http' | 'https';
  readonly httpVersion: '1.0' | '1.1' | '2.0';
  readonly headers: HeaderList;
  /** The codec's id of each name in `headers`, 0 for an unusual one: cheaper to decide by than the name. */
  readonly fieldIds: readonly number[];
  /** The options of `Connection`, in lower case. */
  readonly connection: readonly string[];
  /** The peer of the connection: an IP address. */
  readonly remoteAddress: string;
}

/** The names under which a request is found again in logs and traces, here and in every service it reaches. */
export interface RequestIdentity {
  readonly requestId: string;
  /** The gateway's own span. Goes upstream as the parent of the service's span. */
  readonly trace: TraceContext;
}
