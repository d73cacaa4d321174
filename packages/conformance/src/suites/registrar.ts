import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { isAppError, type Registrar, type Registration, type ServiceInstance } from '@flotilla/contracts';
import { waitUntil } from '@flotilla/testing';
import { advanceUntil, type Timed } from './advance-until.ts';

/** A registrar, as one test needs it. */
export interface RegistrarHarness extends AsyncDisposable, Timed {
  readonly registrar: Registrar;
}

/** What the suite looks at of an instance. */
export type FoundInstance = Pick<ServiceInstance, 'port' | 'status'>;

/** A registrar and the registry it talks to, as one test needs them. */
export interface AnnouncingRegistrarHarness extends RegistrarHarness {
  /** The ids of what is registered under `service` now. */
  registeredIds(service: string): readonly string[] | Promise<readonly string[]>;
  /** How many renewals the registry has acknowledged. */
  renewals(): number;
  /** What is registered under that id now. */
  find(service: string, id: string): FoundInstance | undefined | Promise<FoundInstance | undefined>;
  /** Another process registers. */
  takeOver(registration: Registration): void | Promise<void>;
  /** What was logged as a warning. */
  warnings(): readonly string[];
  /** The registry loses everything it knows, silently. */
  forget(): void | Promise<void>;
  /** The registry goes away: connections are refused. */
  stop(): Promise<void>;
  start(): Promise<void>;
}

const registration: Registration = { name: 'ships', id: 'ships-1', address: '127.0.0.1', port: 9001, lease_ms: 30_000 };

/** What every {@link Registrar} promises its program, be there a registry behind it or not. */
export function describeRegistrar(name: string, setUp: () => Promise<RegistrarHarness>): void {
  describe(`${name} is a Registrar`, () => {
    test('acknowledges, takes reports at any time, and may be told twice to deregister', async () => {
      await using harness = await setUp();
      const active = harness.registrar.register(registration);
      active.report('warning');
      await active.acknowledged;
      active.report('critical');
      await active.deregister(AbortSignal.timeout(10_000));
      await active.deregister(AbortSignal.timeout(10_000));
      active.report('passing');
      active.handOver();
      assert.deepEqual(harness.clock.pendingDelaysMs, []);
    });

    test('keeps several instances apart, and leaves nothing behind of one that is handed over', async () => {
      await using harness = await setUp();
      const all = [9001, 9002].map((port) =>
        harness.registrar.register({ ...registration, id: `ships-${port}`, port }),
      );
      await Promise.all(all.map((active) => active.acknowledged));
      for (const active of all) active.handOver();
      await waitUntil('no timer is left', () => harness.clock.pendingDelaysMs.length === 0);
    });
  });
}

/** What every {@link Registrar} promises that announces instances to a registry. */
export function describeAnnouncingRegistrar(name: string, setUp: () => Promise<AnnouncingRegistrarHarness>): void {
  describeRegistrar(name, setUp);
  describe(`${name} announces`, () => {
    const isRegistered = async (harness: AnnouncingRegistrarHarness): Promise<boolean> =>
      (await harness.registeredIds('ships')).includes('ships-1');

    test('registers in the background and reports when the registry has acknowledged', async () => {
      await using harness = await setUp();
      const active = harness.registrar.register(registration);
      await active.acknowledged;
      assert.ok(await isRegistered(harness));
      await active.deregister(AbortSignal.timeout(10_000));
    });

    test('keeps trying until the registry is there', async () => {
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
      await harness.forget();
      assert.ok(!(await isRegistered(harness)));
      await advanceUntil('registered again', harness, () => isRegistered(harness));
      await active.deregister(AbortSignal.timeout(10_000));
    });

    test('survives a registry that restarts and has lost everything', async () => {
      await using harness = await setUp();
      const active = harness.registrar.register(registration);
      await active.acknowledged;
      await harness.stop();
      await harness.forget();
      await advanceUntil('well past the lease', harness, () => harness.clock.monotonicMs() > 60_000);
      await harness.start();
      await advanceUntil('registered again', harness, () => isRegistered(harness));
      await active.deregister(AbortSignal.timeout(10_000));
    });

    test('reports its status, the last one if there are several, and again when it registers again', async () => {
      await using harness = await setUp();
      const status = async (): Promise<string | undefined> => (await harness.find('ships', 'ships-1'))?.status;
      const active = harness.registrar.register(registration);
      await active.acknowledged;
      assert.equal(await status(), 'passing');
      for (const word of ['warning', 'passing', 'critical'] as const) active.report(word);
      await advanceUntil('the report has come', harness, async () => (await status()) === 'critical');
      await harness.forget();
      await advanceUntil('registered again', harness, async () => (await status()) === 'critical');
      await harness.stop();
      active.report('passing');
      await harness.start();
      await advanceUntil('told when the registry is back', harness, async () => (await status()) === 'passing');
      await active.deregister(AbortSignal.timeout(10_000));
    });

    test('continues under another id when a newer process elsewhere has its own, says so, and leaves that one alone', async () => {
      await using harness = await setUp();
      const active = harness.registrar.register(registration);
      await active.acknowledged;
      await harness.takeOver({ ...registration, port: 9002 });
      await advanceUntil('under a fresh id', harness, async () => (await harness.registeredIds('ships')).length === 2);
      const [fresh = ''] = (await harness.registeredIds('ships')).filter((id) => id !== 'ships-1');
      assert.ok(fresh.startsWith('ships-1-'));
      assert.equal((await harness.find('ships', fresh))?.port, 9001);
      assert.equal(harness.warnings().length, 1);
      await active.deregister(AbortSignal.timeout(10_000));
      assert.deepEqual(await harness.registeredIds('ships'), ['ships-1']);
    });

    test('does not fight for its address and port with a newer process there, and returns when that one is gone', async () => {
      await using harness = await setUp();
      const active = harness.registrar.register(registration);
      await active.acknowledged;
      await harness.takeOver(registration);
      await advanceUntil('it is said', harness, () => harness.warnings().length === 1);
      const renewals = harness.renewals();
      await harness.clock.advanceAsync(10_000);
      assert.equal(harness.renewals(), renewals);
      await harness.forget();
      await advanceUntil('registered again', harness, () => isRegistered(harness));
      await active.deregister(AbortSignal.timeout(10_000));
      assert.equal(harness.warnings().length, 1);
    });

    test('when a newer process has its id, deregistering leaves that one alone', async () => {
      await using harness = await setUp();
      const active = harness.registrar.register(registration);
      await active.acknowledged;
      await harness.takeOver({ ...registration, port: 9002 });
      await active.deregister(AbortSignal.timeout(10_000));
      assert.equal((await harness.find('ships', 'ships-1'))?.port, 9002);
      assert.equal(harness.warnings().length, 1);
    });

    test('hands over: falls silent, and leaves the registration to the process that continues under the same name', async () => {
      await using harness = await setUp();
      const first = harness.registrar.register(registration);
      await first.acknowledged;
      const successor = harness.registrar.register(registration);
      await successor.acknowledged;
      first.handOver();
      const startMs = harness.clock.monotonicMs();
      await advanceUntil('a lease has passed', harness, () => harness.clock.monotonicMs() - startMs > 40_000);
      assert.ok(await isRegistered(harness));
      assert.deepEqual(harness.warnings(), []);
      await successor.deregister(AbortSignal.timeout(10_000));
      assert.ok(!(await isRegistered(harness)));
      assert.deepEqual(harness.clock.pendingDelaysMs, []);
    });

    test('deregisters, stops renewing, and may be told so twice', async () => {
      await using harness = await setUp();
      const active = harness.registrar.register(registration);
      await active.acknowledged;
      await active.deregister(AbortSignal.timeout(10_000));
      assert.ok(!(await isRegistered(harness)));
      await active.deregister(AbortSignal.timeout(10_000));
      assert.deepEqual(harness.clock.pendingDelaysMs, []);
    });

    test('does not leave the instance behind when deregistered while it is registering', async () => {
      await using harness = await setUp();
      const active = harness.registrar.register(registration);
      const given = assert.rejects(active.acknowledged).catch(() => {});
      await active.deregister(AbortSignal.timeout(10_000));
      await given;
      assert.ok(!(await isRegistered(harness)));
      assert.deepEqual(harness.clock.pendingDelaysMs, []);
    });

    test('says REGISTRY_UNAVAILABLE when it cannot deregister', async () => {
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
