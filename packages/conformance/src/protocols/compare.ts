import assert from 'node:assert/strict';
import type { Outcome, Speaker } from './speaker.ts';

/** What is done with a service, in whichever protocol; each outcome is compared. */
export interface ProtocolCase {
  /** A sentence about what happens. */
  readonly title: string;
  run(speak: Speaker): Promise<readonly Outcome[]>;
  /** The code or kind of each outcome, so that two equal mistakes are noticed. */
  readonly ends: readonly (Outcome['kind'] | (string & {}))[];
}

/** Checks that a case ends in the same way in all protocols. Each speaker talks to a service of its own, with equal data. */
export async function assertSameOutcomes({ run, ends }: ProtocolCase, speakers: readonly Speaker[]): Promise<void> {
  const [first, ...others] = await Promise.all(
    speakers.map(async (speak) => ({ protocol: speak.protocol, outcomes: await run(speak) })),
  );
  assert.ok(first !== undefined);
  const names = first.outcomes.map((outcome) => (outcome.kind === 'refused' ? outcome.code : outcome.kind));
  assert.deepEqual(names, ends, JSON.stringify(first.outcomes));
  for (const other of others)
    assert.deepEqual(other.outcomes, first.outcomes, `${other.protocol} and ${first.protocol} differ`);
}
