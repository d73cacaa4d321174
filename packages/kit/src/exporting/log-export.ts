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
  const queue = new BatchQueue<string, string[]>({
    clock,
    limits,
    open: () => [],
    put: (lines, line) => void lines.push(line),
    dropped: (count) => sender.dropped(count),
    async send(lines, _count, signal) {
      for (const part of partsOf(lines)) {
        const logs = part.flatMap((line) => otelLogOf(line) ?? []);
        await sender.send(write(reporter, logs, clock.now()), logs.length, signal);
      }
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

/** Receivers refuse messages from 1 MB (some services) or 4 MB (the collector, by gRPC) on, and whatever is in them is lost. */
const mostBytes = 700_000;

/** The lines of a batch, in parts that are messages of a size that receivers take. A longer line is a part by itself. */
function* partsOf(lines: readonly string[]): Generator<readonly string[]> {
  let from = 0;
  let bytes = 0;
  for (const [index, line] of lines.entries()) {
    // A character of Chinese has three.
    const length = Buffer.byteLength(line);
    if (index > from && bytes + length > mostBytes) {
      yield lines.slice(from, index);
      from = index;
      bytes = 0;
    }
    bytes += length;
  }
  yield lines.slice(from);
}
