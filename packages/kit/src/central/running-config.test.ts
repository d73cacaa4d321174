import assert from 'node:assert/strict';
import { test } from 'node:test';
import { choice, integer, readGivenConfig, resolveConfig, text } from '../config/index.ts';
import { RunningConfig } from './running-config.ts';

const settings = {
  LOG_LEVEL: choice(['debug', 'info', 'warn'], { describe: '', default: 'info', live: true }),
  PAGE_SIZE: integer({ describe: '', default: 10 }),
  QUOTA: integer({ describe: '' }),
  ADDRESS: text({ describe: '', optional: true, local: 'Each instance has its own.' }),
};

function start(central: Record<string, string>, env: Record<string, string> = {}) {
  const given = readGivenConfig({ program: 'p', settings, env, argv: [] });
  const resolved = resolveConfig(given, new Map(Object.entries(central)));
  if (!resolved.ok) return assert.fail(resolved.message);
  const running = new RunningConfig(given, { ...resolved.config, ADDRESS: 'found at the start' }, resolved.sources);
  const apply = (texts: Record<string, string>): string[] =>
    running
      .apply(new Map(Object.entries(texts)))
      .map(({ setting, value, from, effect }) => `${setting}=${String(value)} ${from} ${effect}`);
  return { running, apply };
}

test('a live setting changes in place, and goes back to what is below when the key is deleted', () => {
  const { running, apply } = start({ QUOTA: '1' });
  const { config } = running;
  assert.deepEqual(apply({ QUOTA: '1', LOG_LEVEL: 'debug' }), ['LOG_LEVEL=debug central applied']);
  assert.equal(config.LOG_LEVEL, 'debug');
  assert.deepEqual(apply({ QUOTA: '1', LOG_LEVEL: 'debug' }), []);
  assert.deepEqual(apply({ QUOTA: '1' }), ['LOG_LEVEL=info default applied']);
  assert.equal(running.config, config);
  assert.equal(config.LOG_LEVEL, 'info');
});

test('a flag or variable stays stronger than any change', () => {
  const { running, apply } = start({ QUOTA: '1' }, { LOG_LEVEL: 'warn' });
  assert.deepEqual(apply({ QUOTA: '1', LOG_LEVEL: 'debug' }), []);
  assert.equal(running.config.LOG_LEVEL, 'warn');
  assert.equal(running.sources['LOG_LEVEL'], 'environment');
});

test('other settings wait for the next start, each change reported once, until they are as they were', () => {
  const { running, apply } = start({ QUOTA: '1' });
  assert.deepEqual(apply({ QUOTA: '1', PAGE_SIZE: '20' }), ['PAGE_SIZE=20 central next-start']);
  assert.deepEqual(apply({ QUOTA: '1', PAGE_SIZE: '20' }), []);
  assert.equal(running.config.PAGE_SIZE, 10);
  assert.deepEqual(running.pending, ['PAGE_SIZE']);
  assert.deepEqual(apply({ QUOTA: '1', PAGE_SIZE: '10' }), ['PAGE_SIZE=10 central withdrawn']);
  assert.deepEqual(running.pending, []);
});

test('a required setting that is removed keeps its value while the program runs', () => {
  const { running, apply } = start({ QUOTA: '1' });
  assert.deepEqual(apply({}), ['QUOTA=undefined unset missing']);
  assert.deepEqual(apply({}), []);
  assert.equal(running.config.QUOTA, 1);
  assert.deepEqual(running.pending, ['QUOTA']);
  assert.deepEqual(apply({ QUOTA: '1' }), ['QUOTA=1 central withdrawn']);
});

test('listeners hear of live settings alone, and one that fails does not silence the others', () => {
  const { running } = start({ QUOTA: '1' });
  const seen: string[] = [];
  running.onSetting('LOG_LEVEL', () => {
    throw new Error('a defect');
  });
  running.onSetting('LOG_LEVEL', (level) => seen.push(level));
  const [change] = running.apply(
    new Map([
      ['LOG_LEVEL', 'debug'],
      ['QUOTA', '1'],
    ]),
  );
  assert.match(String(change && running.tell(change)), /a defect/);
  assert.deepEqual(seen, ['debug']);
  assert.throws(() => running.onSetting('PAGE_SIZE', () => undefined), /does not change while the program runs/);
});
