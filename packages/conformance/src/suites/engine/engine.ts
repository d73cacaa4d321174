import { describe } from 'node:test';
import type { CreateEngine } from '@flotilla/gateway';
import { balancingTests } from './engine-balancing.ts';
import { bodyTests } from './engine-bodies.ts';
import { clientTests } from './engine-clients.ts';
import { endingTests } from './engine-endings.ts';
import { failureTests } from './engine-failures.ts';
import { fieldTests } from './engine-fields.ts';
import { halfCloseTests } from './engine-half-close.ts';
import { healthTests } from './engine-health.ts';
import { interimTests } from './engine-interim.ts';
import { keepAliveTests } from './engine-keep-alive.ts';
import { limitTests } from './engine-limits.ts';
import { loginTests } from './engine-logins.ts';
import { longExchangeTests } from './engine-long-exchanges.ts';
import { policyTests } from './engine-policies.ts';
import { policyAnswerTests } from './engine-policy-answers.ts';
import { policyWaitTests } from './engine-policy-waits.ts';
import { relayTests } from './engine-relay.ts';
import { requestTableTests } from './engine-request-table.ts';
import { responseTableTests } from './engine-response-table.ts';
import { shareTests } from './engine-shares.ts';
import { slowBodyTests } from './engine-slow-bodies.ts';
import { spanTests } from './engine-spans.ts';
import { timeoutTests } from './engine-timeouts.ts';
import { unreadAnswerTests } from './engine-unread-answers.ts';
import { upgradeTests } from './engine-upgrade.ts';

/** What every {@link CreateEngine} promises, seen from both ends of real sockets. */
export function describeEngine(name: string, createEngine: CreateEngine): void {
  describe(`${name} is an Engine`, () => {
    describe('relaying', () => relayTests(createEngine));
    describe('upstreams that fail', () => failureTests(createEngine));
    describe('clients that make mistakes, and how connections end', () => clientTests(createEngine));
    describe('informational answers', () => interimTests(createEngine));
    describe('kept connections', () => keepAliveTests(createEngine));
    describe('connections with a login', () => loginTests(createEngine));
    describe('switching protocols', () => upgradeTests(createEngine));
    describe('bodies at the pace of their receivers', () => bodyTests(createEngine));
    describe('exchanges that end early', () => endingTests(createEngine));
    describe('half-closed connections', () => halfCloseTests(createEngine));
    describe('long exchanges', () => longExchangeTests(createEngine));
    describe('unread answers', () => unreadAnswerTests(createEngine));
    describe('deadlines', () => timeoutTests(createEngine));
    describe('unhealthy instances', () => healthTests(createEngine));
    describe('balancing', () => balancingTests(createEngine));
    describe('policies', () => policyTests(createEngine));
    describe('policies and answers', () => policyAnswerTests(createEngine));
    describe('policies that wait', () => policyWaitTests(createEngine));
    describe('limits', () => limitTests(createEngine));
    describe('shares', () => shareTests(createEngine));
    describe('slow bodies', () => slowBodyTests(createEngine));
    describe('spans', () => spanTests(createEngine));
    describe('fields', () => fieldTests(createEngine));
    describe('hostile and odd requests', () => requestTableTests(createEngine));
    describe('hostile and odd answers', () => responseTableTests(createEngine));
  });
}
