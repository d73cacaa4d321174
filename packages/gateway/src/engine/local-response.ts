import type { RequestSpans } from '../exchange/request-spans.ts';
import type { FieldEdits } from '../headers/field-edits.ts';
import type { HeaderList } from '../headers/header-list.ts';
import type { RequestHead, RequestIdentity } from '../headers/request-head.ts';

/** A request that the gateway answers itself. */
export interface LocalRequest {
  readonly head: RequestHead;
  readonly identity: RequestIdentity;
  /** Undefined where no spans are made. */
  readonly spans: RequestSpans | undefined;
  readonly body: Buffer;
  /** Aborts when the client leaves. */
  readonly signal: AbortSignal;
  /** What policies change of what goes to services; undefined: the route has none. */
  readonly edits: FieldEdits | undefined;
}

/** An answer made by the gateway. The engine adds framing, `Date`, the request id and the trace id; a HEAD gets no body. */
export interface LocalResponse {
  readonly status: number;
  readonly headers: HeaderList;
  readonly body: Buffer | string;
}
