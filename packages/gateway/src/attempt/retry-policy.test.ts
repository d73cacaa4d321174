import assert from 'node:assert/strict';
import { test } from 'node:test';
import { cancelled, type Outcome, responseOutcome } from './outcome.ts';
import { type AttemptContext, decideRetry, type RetryDecision } from './retry-policy.ts';

const refused: Outcome = { kind: 'refused' };
const idleDeath: Outcome = { kind: 'reset', reused: true, responseStarted: false, bytesSent: 10 };
const reset: Outcome = { kind: 'reset', reused: false, responseStarted: false, bytesSent: 10 };
const resetUnsent: Outcome = { kind: 'reset', reused: true, responseStarted: false, bytesSent: 0 };
const brokenAnswer: Outcome = { kind: 'reset', reused: true, responseStarted: true, bytesSent: 10 };

const table: readonly (readonly [string, Outcome, Partial<AttemptContext>, RetryDecision])[] = [
  ['a refused connection, GET', refused, {}, 'other'],
  ['a refused connection, POST: no byte was processed', refused, { method: 'POST' }, 'other'],
  ['a refused connection, but the body is gone', refused, { bodyReplayable: false }, 'stop'],
  ['a refused connection at the last attempt', refused, { attempts: 3 }, 'stop'],
  ['a kept connection that died, GET', idleDeath, {}, 'fresh'],
  ['a kept connection that died, PUT', idleDeath, { method: 'PUT' }, 'fresh'],
  ['a kept connection that died, DELETE', idleDeath, { method: 'DELETE' }, 'fresh'],
  ['a kept connection that died, POST', idleDeath, { method: 'POST' }, 'stop'],
  ['a kept connection that died, PATCH', idleDeath, { method: 'PATCH' }, 'stop'],
  ['a kept connection that died, an unknown method', idleDeath, { method: 'FROB' }, 'stop'],
  ['a kept connection that died before a byte was sent, POST', resetUnsent, { method: 'POST' }, 'fresh'],
  ['a new connection that died, GET', reset, {}, 'other'],
  ['a new connection that died, POST', reset, { method: 'POST' }, 'stop'],
  ['an answer that broke unseen, GET', brokenAnswer, {}, 'other'],
  ['an answer that broke unseen, POST', brokenAnswer, { method: 'POST' }, 'stop'],
  ['an answer that broke when the client had seen some of it', brokenAnswer, { answerStarted: true }, 'stop'],
  ['no connection in time, POST', { kind: 'timeout', phase: 'connect' }, { method: 'POST' }, 'other'],
  ['no answer in time, GET', { kind: 'timeout', phase: 'first-byte' }, {}, 'other'],
  ['no answer in time, POST', { kind: 'timeout', phase: 'first-byte' }, { method: 'POST' }, 'stop'],
  ['no answer in time from the second either, GET', { kind: 'timeout', phase: 'first-byte' }, { attempts: 2 }, 'stop'],
  ['no answer yet from an instance that is not well, GET', { kind: 'timeout', phase: 'set-aside' }, {}, 'other'],
  ['the same, POST: it may have been read', { kind: 'timeout', phase: 'set-aside' }, { method: 'POST' }, 'stop'],
  ['no progress, GET', { kind: 'timeout', phase: 'progress' }, {}, 'stop'],
  ['the whole time is up', { kind: 'timeout', phase: 'total' }, {}, 'stop'],
  ['an invalid answer', { kind: 'invalid', reason: 'x' }, {}, 'stop'],
  ['no descriptor left for a connection, POST', { kind: 'exhausted', cause: 'EMFILE' }, { method: 'POST' }, 'other'],
  ['no room for a tunnel', { kind: 'limited', limit: 'longLivedPerUpstream', most: 2 }, {}, 'other'],
  ['a limit of our own', { kind: 'limited', limit: 'connectionsPerUpstream', most: 2 }, {}, 'stop'],
  ['a refused connection for a login', refused, { bringsLogin: true }, 'other'],
  ['no connection in time for a login', { kind: 'timeout', phase: 'connect' }, { bringsLogin: true }, 'other'],
  ['a kept connection that died under a login', idleDeath, { bringsLogin: true }, 'stop'],
  ['a kept connection that died before a login was sent', resetUnsent, { bringsLogin: true }, 'stop'],
  [
    'an instance that is not well, with a login',
    { kind: 'timeout', phase: 'set-aside' },
    { bringsLogin: true },
    'stop',
  ],
  ['a kept connection that died, POST with a key', idleDeath, { method: 'POST', hasKey: true }, 'fresh'],
  ['a new connection that died, POST with a key', reset, { method: 'POST', hasKey: true }, 'other'],
  [
    'no answer in time, POST with a key',
    { kind: 'timeout', phase: 'first-byte' },
    { method: 'POST', hasKey: true },
    'other',
  ],
  ['a new connection that died, POST with a key and a login', reset, { hasKey: true, bringsLogin: true }, 'stop'],
  ['a response to a POST with a key, even a bad one', responseOutcome(503), { method: 'POST', hasKey: true }, 'stop'],
  ['a client that left', cancelled, {}, 'stop'],
  ['a response, even a bad one', responseOutcome(503), {}, 'stop'],
];

for (const [what, outcome, context, expected] of table) {
  test(`${what}: ${expected}`, () => {
    const base = {
      method: 'GET',
      attempts: 1,
      maxAttempts: 3,
      answerStarted: false,
      bodyReplayable: true,
      bringsLogin: false,
      hasKey: false,
    };
    assert.equal(decideRetry(outcome, { ...base, ...context }), expected);
  });
}
