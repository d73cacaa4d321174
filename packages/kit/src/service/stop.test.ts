import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { FakeClock } from '@flotilla/testing';
import { createHealth } from '../health/index.ts';
import { findPortHolder } from '../host/port-holder.ts';
import { silentLogger } from '../logger/index.ts';
import { bounded } from './bounded.ts';
import { stop } from './stop.ts';

const never = (): Promise<void> => Promise.withResolvers<void>().promise;

describe('stop', () => {
  it('takes no longer than the bounds of its steps when every step hangs', async () => {
    const clock = new FakeClock();
    const health = createHealth({ clock });
    let aborted = 0;
    const hang = (signal: AbortSignal): Promise<void> => {
      signal.addEventListener('abort', () => aborted++);
      return never();
    };
    const stopped = stop({
      health,
      logger: silentLogger(),
      clock,
      server: { listen: () => Promise.reject(new Error('unused')), drain: hang, close: never },
      registration: { acknowledged: Promise.resolve(), report() {}, handOver() {}, deregister: hang },
      drains: [never],
      closes: [never, never],
      drainTimeoutMs: 10_000,
    });
    assert.equal(health.state, 'draining');
    // Deregister 2 s, long requests 5 s, drain 10.5 s, server 5 s, and 5 s for each of two.
    await clock.advanceAsync(2_000 + 5_000 + 10_500 + 5_000 + 10_000);
    assert.equal(await stopped, 6);
    assert.equal(aborted, 2);
    assert.deepEqual(clock.pendingDelaysMs, []);
  });

  it('waits before the drain, signs off meanwhile, and goes on at once when it is to hurry', async () => {
    const clock = new FakeClock();
    const steps: string[] = [];
    const hurry = new AbortController();
    const note = (step: string) => (): Promise<void> => {
      steps.push(step);
      return Promise.resolve();
    };
    const start = (): Promise<number> =>
      stop({
        health: createHealth({ clock }),
        logger: silentLogger(),
        clock,
        server: { listen: () => Promise.reject(new Error('unused')), drain: note('drain'), close: note('close') },
        registration: { acknowledged: Promise.resolve(), report() {}, handOver() {}, deregister: note('deregister') },
        drains: [],
        closes: [],
        delayMs: 5_000,
        drainTimeoutMs: 10_000,
        hurry: hurry.signal,
      });
    const waited = start();
    await clock.advanceAsync(4_999);
    assert.deepEqual(steps, ['deregister']);
    await clock.advanceAsync(1);
    assert.equal(await waited, 0);
    assert.deepEqual(steps, ['deregister', 'drain', 'close']);
    const hurried = start();
    await clock.advanceAsync(10);
    hurry.abort();
    assert.equal(await hurried, 0);
    assert.deepEqual(clock.pendingDelaysMs, []);
  });
});

describe('bounded', () => {
  it('says how a step ended, and leaves no timer behind', async () => {
    const clock = new FakeClock();
    const error = new Error('x');
    assert.deepEqual(await bounded(clock, 10, () => undefined), { kind: 'done' });
    assert.deepEqual(await bounded(clock, 10, () => Promise.reject(error)), { kind: 'failed', error });
    const throwing = (): never => {
      throw error;
    };
    assert.deepEqual(await bounded(clock, 10, throwing), { kind: 'failed', error });
    const late = bounded(clock, 10, never);
    await clock.advanceAsync(10);
    assert.deepEqual(await late, { kind: 'timeout', limitMs: 10 });
    assert.deepEqual(clock.pendingDelaysMs, []);
  });
});

describe('findPortHolder', () => {
  it('reads from /proc who listens on a port', async () => {
    const root = mkdtempSync(join(tmpdir(), 'kit-proc-'));
    try {
      mkdirSync(join(root, 'net'));
      const row = (port: string, state: string, inode: string) =>
        `   0: 0100007F:${port} 00000000:0000 ${state} 00000000:00000000 00:00000000 00000000  0  0 ${inode} 1 0 100 0`;
      const table = ['  sl  local_address', row('1F41', '0A', '111'), row('1F42', '01', '222')].join('\n');
      writeFileSync(join(root, 'net', 'tcp'), table);
      mkdirSync(join(root, '42', 'fd'), { recursive: true });
      writeFileSync(join(root, '42', 'cmdline'), 'node\0main.ts\0');
      symlinkSync('socket:[111]', join(root, '42', 'fd', '3'));
      symlinkSync('socket:[222]', join(root, '42', 'fd', '4'));
      assert.deepEqual(await findPortHolder(8001, root), { pid: 42, command: 'node main.ts' });
      // Connected (01), not listening.
      assert.equal(await findPortHolder(8002, root), undefined);
      assert.equal(await findPortHolder(1, root), undefined);
    } finally {
      rmSync(root, { recursive: true });
    }
  });

  it('knows nobody where there is no /proc', async () => {
    assert.equal(await findPortHolder(8001, '/nowhere'), undefined);
  });
});
