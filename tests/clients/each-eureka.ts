import { suite, type TestContext, test } from 'node:test';
import { findEureka, startEureka } from '@flotilla/conformance/registries';
import { temporaryFolder } from '../engine/programs.ts';
import { startOurs } from './our-registry.ts';
import type { Peer } from './peer.ts';

/** Far longer than any of them takes. */
const longestMs = 180_000;

/** What a Eureka server can do of a {@link Peer}: after a restart it has forgotten everything. */
export type EurekaPeer = Pick<Peer, 'url' | 'port' | 'restart'> & AsyncDisposable;

/** A test with our registry, and the same test with Netflix's Eureka server. */
export function testWithEachEureka(
  what: string,
  run: (t: TestContext, start: () => Promise<EurekaPeer>) => Promise<void>,
): void {
  // At the same time: most of what they do is to wait.
  suite(what, { concurrency: true }, () => {
    test('our registry', { timeout: longestMs }, (t) => run(t, () => startOurs(temporaryFolder(t))));
    test('a real Eureka server', { timeout: longestMs }, async (t) => {
      const eureka = findEureka();
      if (eureka.kind === 'missing') t.skip(eureka.reason);
      else await run(t, () => startReal(eureka.path));
    });
  });
}

async function startReal(path: string): Promise<EurekaPeer> {
  const settings = [
    '--eureka.server.enable-self-preservation=false',
    '--eureka.server.response-cache-update-interval-ms=100',
  ];
  const eureka = await startEureka({ path, settings });
  return {
    // Without the path of its API, as for ours.
    url: new URL(eureka.url).origin,
    port: eureka.port,
    async restart() {
      await eureka.stop();
      await eureka.start();
    },
    [Symbol.asyncDispose]: () => eureka[Symbol.asyncDispose](),
  };
}
