import { Agent, request } from 'node:http';

/** What became of the requests that were sent. */
export interface LoadResult {
  readonly sent: number;
  /** How many ended how: a status, or what went wrong with the connection. */
  readonly outcomes: ReadonlyMap<string, number>;
  /** Times from the moment a request was due to its complete answer, in milliseconds, ascending. */
  readonly latenciesMs: readonly number[];
}

/** A running load. */
export interface Load {
  /** Stops sending, waits for what is under way, and tells. */
  finish(): Promise<LoadResult>;
}

const tickMs = 5;
const timeoutMs = 10_000;

/**
 * Sends GET requests at a constant rate whatever becomes of them (open loop): a server that stalls is not spared the
 * requests that real callers would have sent meanwhile, and their waiting counts. The paths are taken in turn.
 */
export function startLoad(base: string, paths: readonly string[], perSecond: number): Load {
  const agent = new Agent({ keepAlive: true, maxSockets: 256 });
  const outcomes = new Map<string, number>();
  const latenciesMs: number[] = [];
  const startMs = performance.now();
  let sent = 0;
  let answered = 0;
  let told: (() => void) | undefined;

  const count = (outcome: string, dueMs: number): void => {
    outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + 1);
    latenciesMs.push(performance.now() - dueMs);
    answered += 1;
    if (answered === sent) told?.();
  };
  const sendOne = (dueMs: number): void => {
    const path = paths[sent % paths.length] ?? '/';
    sent += 1;
    let over = false;
    const end = (outcome: string): void => {
      if (!over) count(outcome, dueMs);
      over = true;
    };
    const call = request(base + path, { agent, timeout: timeoutMs }, (answer) => {
      answer.resume();
      answer.on('end', () => end(String(answer.statusCode)));
      answer.on('error', (error) => end(`cut short: ${error.message}`));
      answer.on('close', () => end('cut short'));
    });
    call.on('timeout', () => call.destroy(new Error('timeout')));
    call.on('error', (error: NodeJS.ErrnoException) => end(error.code ?? error.message));
    call.on('close', () => end('no answer'));
    call.end();
  };
  const timer = setInterval(() => {
    const due = ((performance.now() - startMs) / 1000) * perSecond;
    while (sent < due) sendOne(startMs + (sent / perSecond) * 1000);
  }, tickMs);

  return {
    async finish() {
      clearInterval(timer);
      if (answered < sent) await new Promise<void>((resolve) => (told = resolve));
      agent.destroy();
      return { sent, outcomes, latenciesMs: latenciesMs.toSorted((a, b) => a - b) };
    },
  };
}
