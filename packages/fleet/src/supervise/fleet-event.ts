import type { ProcessEnd } from './process-state.ts';

/** What the supervisor tells about the fleet. */
export type FleetEvent =
  | { readonly kind: 'started'; readonly name: string; readonly pid: number | undefined }
  | { readonly kind: 'ready'; readonly name: string; readonly url: string; readonly again: boolean }
  | { readonly kind: 'registered'; readonly name: string }
  /** It has not answered for so long, and is killed. */
  | { readonly kind: 'hung'; readonly name: string; readonly silentMs: number }
  /** It has ended after so long, and is started again. */
  | {
      readonly kind: 'crashed';
      readonly name: string;
      readonly end: ProcessEnd;
      readonly ranMs: number;
      readonly restartInMs: number;
    }
  /** It has ended, and is not started again; `onTrial`: not before its files change. */
  | { readonly kind: 'ended'; readonly name: string; readonly end: ProcessEnd; readonly onTrial: boolean }
  | { readonly kind: 'misconfigured'; readonly name: string }
  /** It was told to stop, has not done so in time, and is killed. */
  | { readonly kind: 'overdue'; readonly name: string; readonly limitMs: number }
  /** It has ended, as it was told to. */
  | { readonly kind: 'stopped'; readonly name: string }
  /** Every process is ready, or has ended, for the first time. */
  | { readonly kind: 'all-ready' }
  /** Every process has ended, and none will be started again. */
  | { readonly kind: 'all-stopped' };
