import type { StartFleetOptions, TestFleet } from './test-fleet.ts';

/**
 * Starts the registry, the gateway and your services as real processes, as `flotilla up` does, but on free ports and with their data
 * in a temporary folder. Resolves when the gateway can reach all of them.
 *
 * ```ts
 * test('greets through the gateway', async () => {
 *   await using fleet = await startFleet();
 *   const answer = await fetch(`${fleet.url('gateway')}/greetings/Ada`);
 *   assert.equal(answer.status, 200);
 * });
 * ```
 *
 * Rejects with the mistakes in the fleet file, or with the output of the program that did not start.
 */
export async function startFleet(options: StartFleetOptions = {}): Promise<TestFleet> {
  // Loaded only now: tests that need no more than a clock begin sooner.
  const { startNow } = await import('./start-now.ts');
  return startNow(options);
}
