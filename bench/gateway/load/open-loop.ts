/**
 * Sends requests at a fixed rate, whatever becomes of those before, and prints what happened as JSON. A request's
 * latency counts from when it was to be sent: if the proxy stalls, those that had to wait behind show it too.
 *
 * Usage: `open-loop.ts <port> <path> <requests per second> <seconds> <connections>`
 */
import { type Answer, HttpConnection } from './http-connection.ts';
import { LatencyHistogram } from './latency-histogram.ts';
import { everyTick } from './ticks.ts';

/** What the program prints. Durations in microseconds. Counts are of all, figures of the measured ones. */
export interface OpenLoopResult {
  readonly sent: number;
  readonly answered: number;
  readonly failed: number;
  readonly firstFailure?: string;
  readonly p50Us: number;
  readonly p99Us: number;
  readonly p999Us: number;
  readonly maxUs: number;
  /** How late the generator itself was: large figures here spoil those above. */
  readonly sentLateP99Us: number;
}

/** Requests are due on a grid of this width, several at once when the rate asks for it. */
const tickUs = 200;
/** Sent before the measured ones at the same rate: connections are opened and our own code is compiled meanwhile. */
const unmeasuredSeconds = 0.5;
/** Answers that have not come so long after the last request was due count as failed. */
const graceMs = 1_000;

const [port = 0, , rate = 0, seconds = 0, connections = 0] = process.argv.slice(2).map(Number);
const path = process.argv[3] ?? '/';

const latency = new LatencyHistogram();
const lateness = new LatencyHistogram();
const idle = Array.from({ length: connections }, () => new HttpConnection(port, path));
const all = [...idle];
const unmeasured = Math.round(rate * unmeasuredSeconds);
const total = unmeasured + Math.round(rate * seconds);
/** Those that are due and wait for a free connection, by their number. */
const waiting: number[] = [];
let [sent, answered, failed] = [0, 0, 0];
let firstFailure: string | undefined;

const startMs = performance.now() + 50;
const ticks = everyTick(tickUs, onTick);

function dueMs(index: number): number {
  return startMs + (Math.ceil((index * 1e6) / rate / tickUs) * tickUs) / 1000;
}

function onTick(): void {
  const nowMs = performance.now();
  while (sent < total && dueMs(sent) <= nowMs) {
    if (sent >= unmeasured) lateness.record((nowMs - dueMs(sent)) * 1000);
    waiting.push(sent);
    sent += 1;
  }
  sendWaiting();
  if (answered + failed === total || nowMs > dueMs(total) + graceMs) void finish();
}

function sendWaiting(): void {
  while (waiting.length > 0) {
    const connection = idle.pop();
    if (connection === undefined) return;
    const index = waiting.shift() ?? 0;
    connection.send((answer) => onAnswer(connection, answer, index));
  }
}

function onAnswer(connection: HttpConnection, answer: Answer, index: number): void {
  if (answer.kind === 'ok') {
    answered += 1;
    if (index >= unmeasured) latency.record((performance.now() - dueMs(index)) * 1000);
  } else {
    failed += 1;
    firstFailure ??= answer.reason;
  }
  idle.push(connection);
  sendWaiting();
}

let finished = false;
async function finish(): Promise<void> {
  if (finished) return;
  finished = true;
  await ticks.stop();
  for (const connection of all) connection.close();
  const result: OpenLoopResult = {
    sent,
    answered,
    failed: total - answered,
    ...(firstFailure !== undefined && { firstFailure }),
    p50Us: latency.percentile(0.5),
    p99Us: latency.percentile(0.99),
    p999Us: latency.percentile(0.999),
    maxUs: latency.percentile(1),
    sentLateP99Us: lateness.percentile(0.99),
  };
  console.log(JSON.stringify(result));
}
