import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { isAppError, type Registrar, type Registration } from '@flotilla/contracts';
import { advanceUntil, type Timed } from './advance-until.ts';

/** A registrar and the registry it talks to, as one test needs them. */
export interface RegistrarHarness extends AsyncDisposable, Timed {
  readonly registrar: Registrar;
  /** The ids of what is registered under `service` now. */
  registeredIds(service: string): readonly string[];
  /** How many renewals the registry has acknowledged. */
  renewals(): number;
  /** The registry loses everything it knows, silently. */
  forget(): void;
  /** The registry goes away: connections are refused. */
  stop(): Promise<void>;
  start(): Promise<void>;
}

const registration: Registration = { name: 'ships', id: 'ships-1', address: '127.0.0.1', port: 9001, lease_ms: 30_000 };

/** What every {@link Registrar} promises, whatever the registry behind it. */
export function describeRegistrar(name: string, setUp: () => Promise<RegistrarHarness>): void {
  describe(`${name} is a Registrar`, () => {
    const isRegistered = (harness: RegistrarHarness): boolean => harness.registeredIds('ships').includes('ships-1');

    test('registers in the background and tells when the registry has acknowledged', async () => {
      await using harness = await setUp();
      const active = harness.registrar.register(registration);
      await active.acknowledged;
      assert.ok(isRegistered(harness));
      await active.deregister(AbortSignal.timeout(10_000));
    });

    test('goes on trying until the registry is there', async () => {
      await using harness = await setUp();
      await harness.stop();
      const active = harness.registrar.register(registration);
      await advanceUntil('a retry is waited for', harness, () => harness.clock.monotonicMs() > 20_000);
      await harness.start();
      await advanceUntil('registered', harness, () => isRegistered(harness));
      await active.acknowledged;
      await active.deregister(AbortSignal.timeout(10_000));
    });

    test('renews at least every third of the lease', async () => {
      await using harness = await setUp();
      const active = harness.registrar.register(registration);
      await active.acknowledged;
      const startMs = harness.clock.monotonicMs();
      await advanceUntil('renewed 6 times', harness, () => harness.renewals() >= 6);
      assert.ok(harness.clock.monotonicMs() - startMs <= 60_000);
      await active.deregister(AbortSignal.timeout(10_000));
    });

    test('registers again when the registry has forgotten the instance', async () => {
      await using harness = await setUp();
      const active = harness.registrar.register(registration);
      await active.acknowledged;
      harness.forget();
      assert.ok(!isRegistered(harness));
      await advanceUntil('registered again', harness, () => isRegistered(harness));
      await active.deregister(AbortSignal.timeout(10_000));
    });

    test('survives a registry that restarts and has lost everything', async () => {
      await using harness = await setUp();
      const active = harness.registrar.register(registration);
      await active.acknowledged;
      await harness.stop();
      harness.forget();
      await advanceUntil('well past the lease', harness, () => harness.clock.monotonicMs() > 60_000);
      await harness.start();
      await advanceUntil('registered again', harness, () => isRegistered(harness));
      await active.deregister(AbortSignal.timeout(10_000));
    });

    test('deregisters, stops renewing, and may be told so twice', async () => {
      await using harness = await setUp();
      const active = harness.registrar.register(registration);
      await active.acknowledged;
      await active.deregister(AbortSignal.timeout(10_000));
      assert.ok(!isRegistered(harness));
      await active.deregister(AbortSignal.timeout(10_000));
      assert.deepEqual(harness.clock.pendingDelaysMs, []);
    });

    test('does not leave the instance behind when deregistered while it is being registered', async () => {
      await using harness = await setUp();
      const active = harness.registrar.register(registration);
      const given = assert.rejects(active.acknowledged).catch(() => {});
      await active.deregister(AbortSignal.timeout(10_000));
      await given;
      assert.ok(!isRegistered(harness));
      assert.deepEqual(harness.clock.pendingDelaysMs, []);
    });

    test('says REGISTRY_UNAVAILABLE when it can not deregister', async () => {
      await using harness = await setUp();
      const active = harness.registrar.register(registration);
      await active.acknowledged;
      await harness.stop();
      await assert.rejects(
        active.deregister(AbortSignal.timeout(10_000)),
        (error) => isAppError(error) && error.code === 'REGISTRY_UNAVAILABLE',
      );
    });

    test('rejects the acknowledgement when deregistered before it, and only then', async () => {
      await using harness = await setUp();
      await harness.stop();
      const active = harness.registrar.register(registration);
      // Whether there is something to tell a registry that was never reached is the implementation's choice.
      await active.deregister(AbortSignal.timeout(10_000)).catch(() => {});
      await assert.rejects(active.acknowledged);
    });
  });
}
