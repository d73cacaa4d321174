import assert from 'node:assert/strict';
import { test } from 'node:test';
import { cancelled, type Outcome, responseOutcome } from '../attempt/outcome.ts';
import { type Evidence, evidenceOf } from './evidence.ts';

const table: readonly (readonly [string, Outcome, Evidence])[] = [
  ['an answer', responseOutcome(200), 'answered'],
  ['an answer that tells of an error', responseOutcome(500), 'answered'],
  ['a refused connection', { kind: 'refused' }, 'unreachable'],
  ['a connection that our own side could not open', { kind: 'exhausted', cause: 'EMFILE' }, 'none'],
  ['a limit of our own', { kind: 'limited', limit: 'connectionsPerUpstream', most: 2 }, 'none'],
  ['no connection in time', { kind: 'timeout', phase: 'connect' }, 'unreachable'],
  ['a new connection that broke', { kind: 'reset', reused: false, responseStarted: false, bytesSent: 9 }, 'faulty'],
  ['a kept one, idle', { kind: 'reset', reused: true, responseStarted: false, bytesSent: 9 }, 'none'],
  ['a kept one, within an answer', { kind: 'reset', reused: true, responseStarted: true, bytesSent: 9 }, 'faulty'],
  ['an invalid answer', { kind: 'invalid', reason: 'x' }, 'faulty'],
  ['no answer in time', { kind: 'timeout', phase: 'first-byte' }, 'faulty'],
  ['an answer that stood still', { kind: 'timeout', phase: 'progress' }, 'faulty'],
  ['what was taken from it because a probe failed', { kind: 'timeout', phase: 'set-aside' }, 'none'],
  ['the end of all the time there was', { kind: 'timeout', phase: 'total' }, 'none'],
  ['a client that left', cancelled, 'none'],
];

for (const [what, outcome, evidence] of table) {
  test(`${what} says of an instance: ${evidence}`, () => assert.equal(evidenceOf(outcome), evidence));
}
