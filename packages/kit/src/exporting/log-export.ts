import type { Clock } from '@flotilla/contracts';
import type { LineTap } from '../logger/index.ts';
import { logsJson, otelLogOf, type Reporter, writeLogs } from '../otlp/index.ts';
import type { BatchLimits } from './batch-limits.ts';
import { BatchQueue } from './batch-queue.ts';
import type { OtlpSender } from './otlp-sender.ts';

/** What {@link exportLogs} needs. */
export interface LogExportOptions {
  readonly clock: Clock;
  readonly limits: BatchLimits;
  readonly reporter: Reporter;
  readonly sender: OtlpSender;
  readonly tap: LineTap;
}

/** Sends the lines of the log, in batches. Only there are they read: to whoever logs, one costs a push to an array. */
export function exportLogs({ clock, limits, reporter, sender, tap }: LogExportOptions): {
  close(limitMs: number): Promise<void>;
} {
  const write = sender.encoding === 'json' ? logsJson : writeLogs;
  const queue = new BatchQueue<string>({
    clock,
    limits,
    dropped: (count) => sender.dropped(count),
    async send(lines, signal) {
      const logs = lines.flatMap((line) => otelLogOf(line) ?? []);
      await sender.send(write(reporter, logs, clock.now()), logs.length, signal);
    },
  });
  tap.open((line) => queue.add(line));
  return {
    async close(limitMs) {
      tap.close();
      await queue.close(limitMs);
      sender.close();
    },
  };
}
