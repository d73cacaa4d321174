import type { Encoding, SentSignal } from '../collector/index.ts';
import type { Added, Batch } from '../store/index.ts';
import type { TelemetryChange } from './telemetry.ts';
import type { WriterState, Written } from './writer.ts';

/** Where the work on the database is done. */
export interface Backend {
  take(signal: SentSignal, encoding: Encoding, body: Uint8Array): Promise<Written>;
  add(batches: readonly Batch[]): Promise<Added & { readonly change: TelemetryChange }>;
  /** Answers a question of `Queries`. */
  ask(name: string, args: readonly unknown[]): Promise<unknown>;
  /** As it was when something was last written. */
  readonly state: WriterState;
  close(): Promise<void>;
}
