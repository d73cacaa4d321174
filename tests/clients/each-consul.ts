import { suite, type TestContext, test } from 'node:test';
import { findConsul } from '@flotilla/conformance/registries';
import { temporaryFolder } from '../engine/programs.ts';
import { startOurs } from './our-registry.ts';
import { type Peer, startRealConsul } from './peer.ts';

/** Far longer than any of them takes. */
const longestMs = 180_000;

/** A test with our registry, and the same test with a real Consul, which shows that it tests what Consul does. */
export function testWithEachConsul(
  what: string,
  run: (t: TestContext, start: () => Promise<Peer>) => Promise<void>,
): void {
  // At the same time: most of what they do is to wait.
  suite(what, { concurrency: true }, () => {
    test('our registry', { timeout: longestMs }, (t) => run(t, () => startOurs(temporaryFolder(t))));
    test('a real Consul', { timeout: longestMs }, async (t) => {
      const consul = findConsul();
      if (consul.kind === 'missing') t.skip(consul.reason);
      else await run(t, () => startRealConsul(consul.path));
    });
  });
}
