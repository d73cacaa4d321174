import { describe } from 'node:test';
import type { CreateEngine } from '@flotilla/gateway';
import type { Serve } from './protocol-server.ts';
import { upstreamExchangeTests } from './upstream-exchanges.ts';
import { upstreamLossTests } from './upstream-losses.ts';

/**
 * What every protocol promises in which an engine speaks to upstreams, seen from a client and from a service.
 *
 * @param createEngine makes an engine that speaks the protocol
 * @param serve starts a service that does
 */
export function describeUpstreamProtocol(name: string, createEngine: CreateEngine, serve: Serve): void {
  describe(`upstreams that speak ${name}`, () => {
    describe('requests and their answers', () => upstreamExchangeTests(createEngine, serve));
    describe('lost connections and kept connections', () => upstreamLossTests(createEngine, serve));
  });
}
