import { createHash } from 'node:crypto';
import type { TraceContext } from '../telemetry/index.ts';

/** What a function of a service knows of the call that it serves, whatever the protocol. */
export interface ServiceCall {
  readonly requestId: string;
  readonly trace: TraceContext;
  /** The caller's key, see `readIdempotencyKey`. Default: the call is not protected against being repeated. */
  readonly idempotencyKey?: string;
  /** Whose key it is, see {@link callerOf}: two callers with the same key know nothing of each other. Default: everybody's. */
  readonly caller?: string;
  /** Is told when the result is the one of an earlier call with this key, before it is returned or thrown. */
  readonly onReplay?: () => void;
}

/** The name of a caller who has sent these credentials (`Authorization`). The credentials cannot be read from it. */
export function callerOf(authorization: string | undefined): string {
  return authorization === undefined ? '' : createHash('sha256').update(authorization).digest('hex');
}
