import assert from 'node:assert/strict';
import { test } from 'node:test';
import { FakeClock } from '@flotilla/testing';
import { Generation, type GenerationEvent } from './generation.ts';
import type { PrimaryMessage, WorkerFacts } from './messages.ts';
import type { WorkerListener } from './worker-process.ts';

const facts: WorkerFacts = {
  maxWorkers: 3,
  stopLimitMs: 0,
  retireTimeoutMs: 0,
  hangLimitMs: 0,
  service: 's',
  instance: 'i',
  logLevel: 'info',
  logFormat: 'json',
};

/** A worker that is no process: it says and dies what the test tells it to. */
class ToyWorker {
  readonly got: PrimaryMessage[] = [];
  readonly pid = undefined;
  readonly number: number;
  readonly listener: WorkerListener;
  constructor(number: number, listener: WorkerListener) {
    this.number = number;
    this.listener = listener;
  }
  send(message: PrimaryMessage): void {
    this.got.push(message);
  }
  signal(): void {}
  become(...types: readonly ('configured' | 'listening' | 'ready')[]): void {
    for (const type of types) {
      if (type === 'configured') this.listener.message({ type, facts }, undefined);
      else if (type === 'listening') this.listener.message({ type }, undefined);
      else this.listener.message({ type, live: 'l', url: 'http://x', instance: 'i' }, undefined);
    }
  }
  die(code = 1): void {
    this.listener.ended({ code, signal: null });
  }
}

function setUp(options: { readonly cores?: number; readonly cautious?: boolean; readonly awaited?: boolean } = {}) {
  const clock = new FakeClock();
  const workers: ToyWorker[] = [];
  const events: GenerationEvent[] = [];
  const generation = new Generation({
    spawn(listener) {
      const worker = new ToyWorker(workers.length + 1, listener);
      workers.push(worker);
      return worker;
    },
    cores: options.cores ?? 2,
    clock,
    policy: { firstDelayMs: 100, longestDelayMs: 1_000, healthyAfterMs: 5_000 },
    cautious: options.cautious ?? false,
    awaited: options.awaited ?? false,
    tell: (event) => void events.push(event),
  });
  generation.start();
  const worker = (number: number): ToyWorker => workers[number - 1] ?? assert.fail(`there is no worker ${number}`);
  return { clock, workers, worker, events, generation, kinds: () => events.map((event) => event.kind) };
}

test('the first worker starts alone; the others follow when it listens, at most one per core', () => {
  const { workers, worker, kinds } = setUp();
  worker(1).become('configured');
  assert.equal(workers.length, 2);
  assert.deepEqual(worker(2).got, []);
  worker(1).become('listening', 'ready');
  assert.deepEqual(worker(2).got, [{ type: 'turn', acceptAfterMs: 0 }]);
  assert.equal(kinds().includes('ready'), false);
  worker(2).become('configured', 'listening', 'ready');
  assert.equal(kinds().filter((kind) => kind === 'ready').length, 1);
});

test('a first worker that ends before it listens ends all, with its exit code', () => {
  const { workers, worker, events } = setUp();
  worker(1).become('configured');
  worker(1).die(78);
  assert.deepEqual(events.at(-1), { kind: 'failed', end: { code: 78, signal: null } });
  worker(2).die();
  assert.equal(workers.length, 2, 'nobody is started any more');
});

test('a worker that keeps dying is replaced at once, then with growing delays, and at once again after a healthy life', () => {
  const { clock, workers, worker, events } = setUp({ cores: 1 });
  worker(1).become('configured', 'listening', 'ready');
  const delays: number[] = [];
  for (let lives = 0; lives < 6; lives += 1) {
    workers.at(-1)?.die();
    const last = events.at(-1);
    const delayMs = last?.kind === 'worker-lost' ? last.replacedInMs : Number.NaN;
    delays.push(delayMs);
    clock.advance(delayMs);
    workers.at(-1)?.become('configured', 'listening', 'ready');
  }
  assert.deepEqual(delays, [0, 100, 200, 400, 800, 1_000]);
  assert.equal(workers.length, 7);
  clock.advance(5_000);
  workers.at(-1)?.die();
  assert.equal(events.findLast((event) => event.kind === 'worker-lost')?.replacedInMs, 0);
});

test('while others serve, new workers accept only when ready, and if one ends, all fail', () => {
  const { worker, kinds } = setUp({ cautious: true });
  assert.deepEqual(worker(1).got, [{ type: 'turn', acceptAfterMs: Number.POSITIVE_INFINITY }]);
  worker(1).become('configured', 'listening', 'ready');
  worker(2).die();
  assert.equal(kinds().at(-1), 'failed');
});

test('if connections already wait, the first workers accept them when ready, or after a while', () => {
  const { worker } = setUp({ awaited: true });
  assert.deepEqual(worker(1).got, [{ type: 'turn', acceptAfterMs: 5_000 }]);
});
