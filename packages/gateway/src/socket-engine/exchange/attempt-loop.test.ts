import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Outcome } from '../../attempt/outcome.ts';
import type { UpstreamPool } from '../../upstream/upstream-pool.ts';
import type { AttemptSink } from '../sides/response-sink.ts';
import type { OutgoingRequest } from '../sides/upstream-side.ts';
import { WaitingLine, type WaitingPlace } from '../upstream/waiting-line.ts';
import { AttemptLoop, type AttemptOwner } from './attempt-loop.ts';
import type { EngineParts } from './engine-parts.ts';

const limited = { kind: 'limited', limit: 'connectionsPerUpstream', most: 1 } as const;
const late = { kind: 'timeout', phase: 'connect' } as const;
const request: OutgoingRequest = {
  ...{ method: 'GET', target: '/', fields: [], hasBody: false, contentLength: -1, expectContinue: false },
  ...{ offered: [], bringsLogin: false, onBehalfOf: undefined, own: undefined, ownHolder: undefined },
};

for (const [what, turnHasCome] of [
  ['its turn does not come', false],
  ['too little was left of it when its turn came', true],
] as const) {
  test(`a timeout of an attempt after ${what} is the fault of our limit, not of the instance`, () => {
    const line = new WaitingLine(() => limited);
    const outcomes: Outcome[] = [];
    let place: WaitingPlace | undefined;
    const streams = {
      acquire: (attempt: AttemptSink) => {
        place = line.add(attempt, request, undefined);
        return place;
      },
    };
    const pick = { upstream: {}, done: (outcome: Outcome) => void outcomes.push(outcome) };
    const owner = {
      ...{ maxAttempts: 3, request, answerStarted: false, replayable: true },
      onAttempt: () => undefined,
      onFailure: (failure: Outcome) => void outcomes.push(failure),
    };
    // No more of these is used.
    const parts = { streams: { to: () => streams } } as unknown as EngineParts;
    const pool = { service: 'ship', pick: () => pick } as unknown as UpstreamPool;
    const loop = new AttemptLoop(parts, { pool }, owner as unknown as AttemptOwner);
    loop.start();
    assert.ok(place !== undefined);
    if (turnHasCome) place.opening = { cancel: () => undefined, limitMet: () => undefined };
    loop.fail(late);
    assert.deepEqual(outcomes, [limited, limited]);
  });
}
