import type { CreateEngine, Engine } from '@flotilla/gateway';

type Handler = Parameters<CreateEngine>[0]['handler'];
type Decision = ReturnType<Handler['decide']>;
type Pool = Extract<Decision, { kind: 'proxy' }>['pool'];
type Upstream = Pool['set']['all'][number];
/** What the engine reports of one request, once. */
export type FinishedRecord = Parameters<Handler['finished']>[0];

/** An engine under watch. */
export interface WatchedEngine {
  readonly createEngine: CreateEngine;
  /** The records handed in so far. */
  readonly records: readonly FinishedRecord[];
  /** Requests on which a decision was asked for. */
  readonly decided: number;
  /** Throws when a request was not reported exactly once, or an attempt is still open. Call it after the engine closed. */
  verify(): void;
}

/**
 * Watches what every engine owes its gateway, whatever happens on its sockets: each request it asked a decision for is
 * handed to `finished` once, with times and a status that make sense, and each attempt ends once. (That an attempt ends
 * twice is an exception already, see `Pick.done`.)
 *
 * @param keepRecords false where so many come that keeping them would be taken for a leak
 */
export function watchedEngine(
  createEngine: CreateEngine,
  { keepRecords = true }: { readonly keepRecords?: boolean } = {},
): WatchedEngine {
  const records: FinishedRecord[] = [];
  const seen = new WeakSet<FinishedRecord>();
  const problems: string[] = [];
  const upstreams = new Set<Upstream>();
  let engine: Engine | undefined;
  let decided = 0;
  return {
    createEngine(options) {
      const { handler } = options;
      const watched: Handler = {
        unrouted: handler.unrouted,
        decide(head) {
          decided += 1;
          const decision = handler.decide(head);
          if (decision.kind === 'proxy') for (const upstream of decision.pool.set.all) upstreams.add(upstream);
          return decision;
        },
        problem: (error, head, identity) => handler.problem(error, head, identity),
        finished(record) {
          problems.push(...problemsOf(record, seen));
          if (keepRecords) records.push(record);
          seen.add(record);
          handler.finished(record);
        },
      };
      engine = createEngine({ ...options, handler: watched });
      return engine;
    },
    records,
    get decided() {
      return decided;
    },
    verify() {
      const active = engine?.activeRequests ?? 0;
      if (active !== 0) problems.push(`${active} requests were never reported as finished`);
      for (const { id, inFlight } of upstreams) {
        if (inFlight !== 0) problems.push(`${inFlight} attempts at ${id} never ended`);
      }
      if (problems.length > 0) throw new Error(problems.join('; '));
    },
  };
}

function* problemsOf(record: FinishedRecord, seen: WeakSet<FinishedRecord>): Generator<string> {
  const what = `${record.head?.method ?? 'a broken request'} ${record.head?.target ?? ''}`;
  if (seen.has(record)) yield `${what} was reported twice`;
  if (record.endedAtMs < record.startedAtMs) yield `${what} ended before it began`;
  if (record.spans?.attempts.some(({ endedAtMs }) => endedAtMs < 0)) yield `${what} ended before an attempt`;
  const unanswered = record.ending === 'client-gone' || record.ending === 'shut-down';
  if (!unanswered && record.status < 100) yield `${what} has no status`;
  if (record.ending === 'broken' && record.upstream === undefined) yield `${what} broke without an upstream`;
}
