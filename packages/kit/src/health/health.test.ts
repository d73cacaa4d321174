import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { FakeClock, recordingLogger } from '@flotilla/testing';
import { createHealth } from './health.ts';

function ready() {
  const clock = new FakeClock();
  const logger = recordingLogger();
  const health = createHealth({ clock, logger });
  health.setState('ready');
  return { clock, logger, health };
}

describe('health', () => {
  it('is healthy while the process works, whatever its checks and state', () => {
    const { health } = ready();
    let asked = 0;
    health.addCheck({ name: 'database', check: () => void asked++ });
    health.setState('draining');
    assert.deepEqual(health.healthReport(), { status: 'healthy', timestamp: '2026-01-01T00:00:00.000Z' });
    assert.equal(health.livenessLines().alive, true);
    assert.equal(asked, 0);
  });

  it('is ready when every check passes', async () => {
    const { health } = ready();
    health.addCheck({ name: 'database', check() {} });
    health.addCheck({ name: 'cache', check: () => Promise.resolve() });
    assert.deepEqual(await health.readiness(), {
      ready: true,
      body: { status: 'ready', timestamp: '2026-01-01T00:00:00.000Z', services: { database: 'ok', cache: 'ok' } },
    });
  });

  it('names failed checks, and gives the reason only in the log', async () => {
    const { health, logger } = ready();
    health.addCheck({ name: 'database', check: () => Promise.reject(new Error('password wrong at db.internal')) });
    health.addCheck({
      name: 'disk',
      check() {
        throw new Error('thrown at once');
      },
    });
    const { ready: isReady, body } = await health.readiness();
    assert.equal(isReady, false);
    assert.equal(body.status, 'not_ready');
    assert.deepEqual(body.services, { database: 'failed', disk: 'failed' });
    assert.deepEqual(body.failing, ['database', 'disk']);
    assert.doesNotMatch(JSON.stringify(body), /internal/);
    assert.equal(logger.lines.length, 2);
  });

  it('is ready while it finishes work after its successors have taken over', async () => {
    const health = createHealth();
    health.setState('replaced');
    assert.equal((await health.readiness()).ready, true);
    assert.equal(health.ending, true);
    health.addCheck({ name: 'db', check: () => Promise.reject(new Error('gone')) });
    assert.equal((await health.readiness()).ready, false);
  });

  it('is not ready while starting and while draining', async () => {
    const health = createHealth({ clock: new FakeClock() });
    health.addCheck({ name: 'database', check() {} });
    assert.deepEqual((await health.readiness()).body.failing, ['starting']);
    health.setState('ready');
    assert.equal((await health.readiness()).ready, true);
    health.setState('draining');
    const { ready: isReady, body } = await health.readiness();
    assert.equal(isReady, false);
    assert.deepEqual(body.failing, ['draining']);
    assert.equal(body.services['database'], 'ok');
  });

  it('gives up on a hanging check after its time limit, aborts it, and does not start it again meanwhile', async () => {
    const { health, clock } = ready();
    let starts = 0;
    let aborted = false;
    const hanging = Promise.withResolvers<void>();
    health.addCheck({
      name: 'database',
      timeoutMs: 50,
      check(signal) {
        starts++;
        signal.addEventListener('abort', () => (aborted = true));
        return hanging.promise;
      },
    });
    const first = health.readiness();
    await clock.advanceAsync(50);
    assert.equal((await first).body.services['database'], 'timeout');
    assert.equal(aborted, true);
    clock.advance(1000);
    assert.equal((await health.readiness()).body.services['database'], 'timeout');
    assert.equal(starts, 1);
    hanging.resolve();
    await clock.advanceAsync(1000);
    assert.equal((await health.readiness()).body.services['database'], 'ok');
    assert.equal(starts, 2);
  });

  it('runs a check once for simultaneous requests, and again when its result is old', async () => {
    const { health, clock } = ready();
    let runs = 0;
    health.addCheck({ name: 'database', check: () => void runs++, cacheMs: 500 });
    await Promise.all([health.readiness(), health.readiness(), health.readiness()]);
    await health.readiness();
    assert.equal(runs, 1);
    clock.advance(499);
    await health.readiness();
    assert.equal(runs, 1);
    clock.advance(1);
    await health.readiness();
    assert.equal(runs, 2);
  });

  it('runs different checks in parallel', async () => {
    const { health, clock } = ready();
    const started: string[] = [];
    for (const name of ['a', 'b'])
      health.addCheck({
        name,
        async check() {
          started.push(name);
          await Promise.withResolvers<void>().promise;
        },
      });
    const answer = health.readiness();
    assert.deepEqual(started, ['a', 'b']);
    await clock.advanceAsync(1000);
    assert.deepEqual((await answer).body.failing, ['a', 'b']);
  });

  it('stays ready if a check that is not critical fails, and shows it', async () => {
    const { health } = ready();
    health.addCheck({ name: 'cache', critical: false, check: () => Promise.reject(new Error('gone')) });
    const { ready: isReady, body } = await health.readiness();
    assert.equal(isReady, true);
    assert.equal(body.services['cache'], 'failed');
  });

  it('leaves out the checks that the caller excludes', async () => {
    const { health } = ready();
    health.addCheck({ name: 'database', check: () => Promise.reject(new Error('gone')) });
    const { ready: isReady, lines } = await health.readinessLines(new Set(['database']));
    assert.equal(isReady, true);
    assert.deepEqual(lines, [{ name: 'database', result: 'excluded' }]);
  });

  it('logs a failure once, and its end once', async () => {
    const { health, clock, logger } = ready();
    let fails = false;
    health.addCheck({ name: 'database', check: () => (fails ? Promise.reject(new Error('gone')) : undefined) });
    await health.readiness();
    clock.advance(1000);
    fails = true;
    for (let index = 0; index < 3; index++) {
      await health.readiness();
      clock.advance(1000);
    }
    fails = false;
    await health.readiness();
    assert.deepEqual(
      logger.lines.map(({ message }) => message),
      ['health check fails', 'health check passes again'],
    );
  });

  it('does not warn about what is not available yet at the start, but about what is lost later', async () => {
    const { health, clock, logger } = ready();
    let fails = true;
    health.addCheck({ name: 'registry', check: () => (fails ? Promise.reject(new Error('starting too')) : undefined) });
    for (const next of [false, true]) {
      await health.readiness();
      clock.advance(1000);
      fails = next;
    }
    await health.readiness();
    assert.deepEqual(
      logger.lines.map(({ level }) => level),
      ['info', 'info', 'warn'],
    );
  });

  it('does not warn about what is not available yet if the program can serve without it', async () => {
    const { health, clock, logger } = ready();
    const check = (): Promise<void> => Promise.reject(new Error('the registry has not answered yet'));
    health.addCheck({ name: 'user-service', critical: false, check });
    for (let second = 0; second < 3; second++) {
      assert.equal((await health.readiness()).ready, true);
      clock.advance(1000);
    }
    assert.deepEqual(
      logger.lines.map(({ level }) => level),
      ['info'],
    );
  });

  it('warns once about a check that still fails ten seconds after the start', async () => {
    const { health, clock, logger } = ready();
    health.addCheck({ name: 'registry', check: () => Promise.reject(new Error('nothing listens there')) });
    for (let second = 0; second < 15; second++) {
      await health.readiness();
      clock.advance(1000);
    }
    assert.deepEqual(
      logger.lines.map(({ level }) => level),
      ['info', 'warn'],
    );
  });

  it('runs its checks on a timer once it watches, and answers from their latest results', async () => {
    const { health, clock } = ready();
    let runs = 0;
    let fails = false;
    const told: boolean[] = [];
    health.addCheck({
      name: 'database',
      check() {
        runs += 1;
        if (fails) throw new Error('gone');
      },
    });
    health.watch({ intervalMs: 1000, random: () => 0.5, tell: (isReady) => void told.push(isReady) });
    await clock.advanceAsync(0);
    fails = true;
    await clock.advanceAsync(999);
    for (let count = 0; count < 10; count++) assert.equal((await health.readiness()).ready, true);
    assert.equal(runs, 1);
    await clock.advanceAsync(1);
    assert.deepEqual((await health.readiness()).body.failing, ['database']);
    await clock.advanceAsync(3000);
    fails = false;
    await clock.advanceAsync(1000);
    assert.equal(runs, 6);
    assert.deepEqual(told, [true, false, true], 'only changes are told');
    health.setState('draining');
    assert.deepEqual(clock.pendingDelaysMs, []);
    assert.deepEqual(told, [true, false, true]);
  });

  it('counts a hanging check as failed, without affecting the others', async () => {
    const { health, clock } = ready();
    const told: boolean[] = [];
    let hangs = false;
    const hanging = Promise.withResolvers<void>();
    health.addCheck({ name: 'database', timeoutMs: 500, check: () => (hangs ? hanging.promise : undefined) });
    health.addCheck({ name: 'disk', check() {} });
    health.watch({ intervalMs: 1000, random: () => 0.5, tell: (isReady) => void told.push(isReady) });
    await clock.advanceAsync(0);
    hangs = true;
    await clock.advanceAsync(1000);
    assert.equal((await health.readiness()).ready, true, 'nobody waits for it');
    await clock.advanceAsync(500);
    assert.deepEqual((await health.readiness()).body.services, { database: 'timeout', disk: 'ok' });
    hangs = false;
    hanging.resolve();
    await clock.advanceAsync(1000);
    assert.deepEqual(told, [true, false, true]);
  });

  it('varies the time between checks by up to a tenth', async () => {
    for (const [random, dueMs] of [
      [() => 0, 900],
      [() => 1, 1100],
    ] as const) {
      const { health, clock } = ready();
      health.watch({ intervalMs: 1000, random, tell: () => undefined });
      await clock.advanceAsync(0);
      assert.deepEqual(clock.pendingDelaysMs, [dueMs]);
    }
  });

  it('follows a change of the time between checks after the next round', async () => {
    const { health, clock } = ready();
    const options = { intervalMs: 1_000, random: () => 0.5, tell: () => undefined };
    health.watch(options);
    await clock.advanceAsync(0);
    options.intervalMs = 5_000;
    assert.deepEqual(clock.pendingDelaysMs, [1_000]);
    await clock.advanceAsync(1_000);
    assert.deepEqual(clock.pendingDelaysMs, [5_000]);
  });

  it('refuses a second check with the same name', () => {
    const { health } = ready();
    health.addCheck({ name: 'database', check() {} });
    assert.throws(() => health.addCheck({ name: 'database', check() {} }), /already a health check/);
  });
});
