import assert from 'node:assert/strict';
import { test } from 'node:test';
import { FakeClock } from '@flotilla/testing';
import { silentLogger } from '../logger/index.ts';
import { LogLevelRelay } from './log-level-relay.ts';
import type { PrimaryMessage } from './messages.ts';
import type { WorkerProcess } from './worker-process.ts';
import { socketKey } from './worker-seat.ts';

function worker(number: number): WorkerProcess & { readonly told: PrimaryMessage[] } {
  const told: PrimaryMessage[] = [];
  return { number, pid: number, told, send: (message) => void told.push(message), signal() {} };
}

test('a change of the log level reaches the primary and all other workers, and later ones for its remaining time', () => {
  const clock = new FakeClock();
  const relay = new LogLevelRelay(clock);
  const logger = silentLogger();
  relay.follow(logger);
  const [first, second, later, last] = [worker(1), worker(2), worker(3), worker(4)];
  relay.tell(first);
  relay.pass({ level: 'debug', forMs: 10_000 }, first, [first, second]);
  assert.deepEqual(first.told, []);
  assert.deepEqual(second.told, [{ type: 'log-level', level: 'debug', forMs: 10_000 }]);
  assert.equal(logger.level, 'debug');
  clock.advance(4_000);
  relay.tell(later);
  assert.deepEqual(later.told, [{ type: 'log-level', level: 'debug', forMs: 6_000 }]);
  clock.advance(6_000);
  relay.tell(last);
  assert.deepEqual(last.told, []);
  assert.equal(logger.level, 'silent');
});

test('servers on port 0 have a socket each, and addresses keep their keys', () => {
  const keys = ['http', 'admin', undefined].map((name) =>
    socketKey({ host: '127.0.0.1', port: 0, ...(name === undefined ? {} : { name }) }),
  );
  assert.equal(new Set(keys).size, 3);
  // A primary of an earlier release knows its sockets so.
  assert.equal(socketKey({ name: 'http', host: '127.0.0.1', port: 8080 }), '127.0.0.1:8080');
});

test('a change of the configured level reaches the primary, which goes back to it after a change for a time', () => {
  const clock = new FakeClock();
  const relay = new LogLevelRelay(clock);
  const logger = silentLogger();
  relay.follow(logger);
  relay.configure('warn');
  assert.equal(logger.level, 'warn');
  const one = worker(1);
  relay.pass({ level: 'debug', forMs: 10_000 }, one, [one]);
  relay.configure('error');
  assert.equal(logger.level, 'debug', 'an operator asked for it, for a time');
  clock.advance(10_000);
  assert.equal(logger.level, 'error');
});
