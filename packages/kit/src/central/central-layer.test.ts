import assert from 'node:assert/strict';
import { test } from 'node:test';
import { choice, integer, text } from '../config/index.ts';
import { CentralLayer } from './central-layer.ts';

const settings = {
  LOG_LEVEL: choice(['debug', 'info'], { describe: '', default: 'info' }),
  PAGE_SIZE: integer({ describe: '', default: 10, min: 1, max: 100 }),
  API_TOKEN: text({ describe: '', secret: true, optional: true }),
  SERVER_PORT: integer({ describe: '', default: 1, local: 'Each instance has its own.' }),
};

function layer(): {
  take: (own: Record<string, string>, shared?: Record<string, string>) => Record<string, string>;
  readonly ignored: readonly string[];
} {
  const made = new CentralLayer('user-service', settings);
  return {
    take(own, shared = {}) {
      made.take({ own: new Map(Object.entries(own)), shared: new Map(Object.entries(shared)) });
      return Object.fromEntries(made.texts);
    },
    get ignored() {
      return made.ignored.map(({ key, why, keepsLast }) => `${key}: ${why}${keepsLast ? ' (kept)' : ''}`);
    },
  };
}

test('what is for the service alone overrides what is shared', () => {
  const { take } = layer();
  assert.deepEqual(take({}, { LOG_LEVEL: 'debug' }), { LOG_LEVEL: 'debug' });
  assert.deepEqual(take({ LOG_LEVEL: 'info' }, { LOG_LEVEL: 'debug' }), { LOG_LEVEL: 'info' });
  assert.deepEqual(take({}, { LOG_LEVEL: 'debug' }), { LOG_LEVEL: 'debug' });
  assert.deepEqual(take({}), {});
});

test('a value that does not fit is ignored, and the last one of its key that did stays in use', () => {
  const its = layer();
  assert.deepEqual(its.take({ PAGE_SIZE: 'many' }, { PAGE_SIZE: '20' }), { PAGE_SIZE: '20' });
  assert.deepEqual(its.ignored, ['config/user-service/PAGE_SIZE: "many" is not a whole number from 1 to 100.']);
  assert.deepEqual(its.take({ PAGE_SIZE: '30' }, { PAGE_SIZE: '20' }), { PAGE_SIZE: '30' });
  assert.deepEqual(its.ignored, []);
  assert.deepEqual(its.take({ PAGE_SIZE: '0' }, { PAGE_SIZE: '20' }), { PAGE_SIZE: '30' });
  assert.match(its.ignored.join(), /"0" is not .*\(kept\)/);
  assert.deepEqual(its.take({}, { PAGE_SIZE: '20' }), { PAGE_SIZE: '20' }, 'once it is gone, so is the last good one');
});

test('secrets and settings of one instance are refused, and their values are not shown', () => {
  const its = layer();
  assert.deepEqual(its.take({ API_TOKEN: 'hunter2' }, { SERVER_PORT: '8001' }), {});
  assert.match(
    its.ignored.join('\n'),
    /shared\/SERVER_PORT: This setting cannot come from central config\. Each instance/,
  );
  assert.match(its.ignored.join('\n'), /API_TOKEN: This setting cannot come from central config\. It is a secret/);
  assert.doesNotMatch(its.ignored.join('\n'), /hunter2/);
});

test('an unknown name is reported with the one that was probably meant, unless it is shared and may be for others', () => {
  const its = layer();
  assert.deepEqual(its.take({ LOG_LEVL: 'debug' }, { SPEED: '3', constructor: 'x' }), {});
  assert.deepEqual(its.ignored, ['config/user-service/LOG_LEVL: There is no such setting. Did you mean LOG_LEVEL?']);
});

test('a line end behind the value, an empty value and deeper keys do no harm', () => {
  const its = layer();
  assert.deepEqual(its.take({ LOG_LEVEL: 'debug\n', PAGE_SIZE: '\r\n', 'features/LOG_LEVEL': 'x' }), {
    LOG_LEVEL: 'debug',
  });
  assert.deepEqual(its.ignored, []);
});
