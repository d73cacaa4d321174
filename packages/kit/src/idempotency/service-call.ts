import type { TraceContext } from '../telemetry/index.ts';

/** What a function of a service knows of the call that it serves, whatever the protocol. */
export interface ServiceCall {
  readonly requestId: string;
  readonly trace: TraceContext;
}
