import { type Clock, isAppError } from '@flotilla/contracts';
import { pause } from '@flotilla/contracts/time';
import { Backoff } from '../retry/backoff.ts';
import type { ClientLogger } from '../retry/outage-log.ts';
import { isUnavailable } from '../retry/registry-addresses.ts';
import { type KeySource, noKeysAgainMs, type WriteOutcome } from './key-source.ts';

/** What {@link publishText} needs. */
export interface PublishOptions {
  readonly source: KeySource;
  readonly key: string;
  readonly text: string;
  readonly clock: Clock;
  readonly random: () => number;
  readonly logger: ClientLogger;
  readonly signal: AbortSignal;
}

/**
 * Writes a key unless it has this text already, and tries until that has succeeded or was refused. Never rejects: what a
 * service says about its settings helps those who write them, but nothing depends on it.
 */
export async function publishText({ source, key, text, clock, random, logger, signal }: PublishOptions): Promise<void> {
  const backoff = new Backoff({ random });
  while (!signal.aborted) {
    let outcome: WriteOutcome = 'conflict';
    try {
      const before = await source.read(key, signal);
      if (before?.text === text) return;
      outcome = await source.write(key, text, before, signal);
      if (outcome === 'written') return;
    } catch (error) {
      if (signal.aborted) return;
      if (!isUnavailable(error)) {
        const reason = isAppError(error) ? (error.detail ?? error.message) : String(error);
        return logger.warn(
          { key, reason },
          'cannot publish the settings of this service, so wrong values are not refused where they are written',
        );
      }
    }
    await pause(clock, outcome === 'no-keys' ? noKeysAgainMs : backoff.nextDelayMs(), signal);
  }
}
