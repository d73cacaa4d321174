import type { ProcessEnd } from './process-state.ts';

/** An event that the supervisor reports. */
export type FleetEvent =
  | { readonly kind: 'started'; readonly name: string; readonly pid: number | undefined }
  | { readonly kind: 'ready'; readonly name: string; readonly url: string; readonly again: boolean }
  | { readonly kind: 'registered'; readonly name: string }
  /** It has not answered for this long and is killed. */
  | { readonly kind: 'hung'; readonly name: string; readonly silentMs: number }
  /** It ended after this long and restarts. */
  | {
      readonly kind: 'crashed';
      readonly name: string;
      readonly end: ProcessEnd;
      readonly ranMs: number;
      readonly restartInMs: number;
    }
  /** It has ended and does not restart; `onTrial`: not before its files change. */
  | { readonly kind: 'ended'; readonly name: string; readonly end: ProcessEnd; readonly onTrial: boolean }
  | { readonly kind: 'misconfigured'; readonly name: string }
  /** It has not stopped in time and is killed. */
  | { readonly kind: 'overdue'; readonly name: string; readonly limitMs: number }
  /** It has stopped as requested. */
  | { readonly kind: 'stopped'; readonly name: string }
  /** Every process is ready, or has ended, for the first time. */
  | { readonly kind: 'all-ready' }
  /** Every process has ended, and none will restart. */
  | { readonly kind: 'all-stopped' };
