import type { Clock } from '@flotilla/contracts';

/** What a probe has found out. */
export interface ProbeResult {
  /** Undefined if it found out nothing, because the registry itself was away meanwhile. */
  readonly status: 'passing' | 'warning' | 'critical' | undefined;
  /** What is well or wrong, for people; at most {@link maxOutputBytes}. */
  readonly output: string;
  /** There was no way to the target: whether it works is as open as whether the registry's own network does. */
  readonly isUnreachable?: boolean;
}

/** What every probe needs. */
export interface ProbeContext {
  readonly clock: Clock;
  /** From the look-up of the name to the last byte. */
  readonly timeoutMs: number;
  /** Whether link-local addresses and those of clouds' metadata services may be asked. */
  readonly allowLinkLocal: boolean;
  /** Ends it early, when nobody wants to know any more. It then found out nothing. */
  readonly signal: AbortSignal;
}

/** Asks one target once whether it is well. Never rejects, and leaves no connection open. */
export type Probe = (context: ProbeContext) => Promise<ProbeResult>;
