import type { CreateEngine, Decided, PolicyStep } from '@flotilla/gateway';

type Decision = ReturnType<Parameters<CreateEngine>[0]['handler']['decide']>;

/** The engine with these steps in front of all routes, in place of those of the configuration. */
export function withPolicies(createEngine: CreateEngine, policies: readonly PolicyStep[]): CreateEngine {
  return (options) => {
    const { handler } = options;
    return createEngine({
      ...options,
      handler: {
        unrouted: policies,
        decide: (head): Decision => ({ ...handler.decide(head), policies }),
        problem: (...about) => handler.problem(...about),
        finished: (record) => handler.finished(record),
      },
    });
  };
}

/** A step that waits until a test decides. */
export interface Gate extends PolicyStep {
  /** Those that wait, oldest first. */
  readonly waiting: readonly Waiting[];
}

/** A request that waits at a {@link Gate}. */
export interface Waiting {
  readonly target: string;
  readonly signal: AbortSignal;
  decide(decided: Decided): void;
  fail(error: Error): void;
}

/** @param atMostMs after which the engine ends the wait */
export function gate(atMostMs = 3_000): Gate {
  const waiting: Waiting[] = [];
  return {
    name: 'gate',
    waiting,
    request: ({ head }) => ({
      kind: 'wait',
      atMostMs,
      begin(signal) {
        const { promise, resolve, reject } = Promise.withResolvers<Decided>();
        waiting.push({ target: head.target, signal, decide: resolve, fail: reject });
        return promise;
      },
    }),
  };
}

/** Says in both directions that it was passed. */
export function mark(name: string): PolicyStep {
  return {
    name,
    request({ up }) {
      up.add('X-Passed', name);
      return { kind: 'go-on' };
    },
    answer: ({ edits }) => edits.add('X-Passed', name),
  };
}

/** Two of them. */
export const marks: readonly PolicyStep[] = [mark('outer'), mark('inner')];
