import assert from 'node:assert/strict';
import { test } from 'node:test';
import { AppError } from '@flotilla/contracts';
import { FakeClock, recordingLogger } from '@flotilla/testing';
import { OutageLog } from './outage-log.ts';

test('logs one warning and one recovery per outage, however many attempts fail', () => {
  const clock = new FakeClock();
  const logger = recordingLogger();
  const log = new OutageLog(clock, logger, { down: 'down', up: 'up' });
  const error = new AppError('REGISTRY_UNAVAILABLE', { detail: 'nothing listens there' });
  for (let outage = 0; outage < 2; outage += 1) {
    for (let attempt = 0; attempt < 100; attempt += 1) {
      log.failed(error);
      clock.advance(500);
    }
    log.succeeded();
    log.succeeded();
  }
  assert.deepEqual(logger.messages('warn'), ['down', 'down']);
  assert.deepEqual(logger.messages('info'), ['up', 'up']);
  assert.equal(logger.lines.find((line) => line.level === 'warn')?.fields['reason'], 'nothing listens there');
  assert.equal(logger.lines.find((line) => line.level === 'info')?.fields['outageMs'], 50_000);
});

test('an outage of less than a second causes no warning', () => {
  const clock = new FakeClock();
  const logger = recordingLogger();
  const log = new OutageLog(clock, logger, { down: 'down', up: 'up' });
  log.failed(new Error('refused'));
  clock.advance(999);
  log.failed(new Error('refused'));
  log.succeeded();
  assert.deepEqual([...logger.messages('warn'), ...logger.messages('info')], []);
});
