import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { type PrettyOptions, prettyLine } from './pretty-line.ts';

const request = {
  level: 'info',
  time: '2026-01-01T00:00:00.250Z',
  service: 'gateway',
  instance: 'gateway',
  worker: 1,
  requestId: 'b58d997832d49ff3',
  traceId: 'b58d997832d49ff3',
  method: 'GET',
  path: '/users/1',
  route: '/users/{id}',
  status: 200,
  durationMs: 4.2,
  requestBytes: 0,
  responseBytes: 103,
  client: '127.0.0.1',
  upstreamService: 'user-service',
  upstream: '127.0.0.1:8001',
  upstreamId: 'user-service',
  attempts: 1,
  firstByteMs: 4.1,
  msg: 'request',
};

/** The line without its time of day, which depends on where the test runs. */
function show(fields: object, options: Partial<PrettyOptions> = {}): string {
  const line = prettyLine(JSON.stringify(fields), { colour: false, detail: 'brief', ...options });
  return line.replace(/^\d\d:\d\d:\d\d /, '');
}

describe('a request, shown briefly', () => {
  it('is method, path, status, duration and service', () => {
    assert.equal(show(request), 'GET /users/1 200 4 ms user-service');
    assert.equal(show({ ...request, upstreamService: undefined }), 'GET /users/1 200 4 ms');
  });

  it('shows the duration in round numbers', () => {
    const took = (durationMs: number): string => show({ ...request, durationMs }).slice('GET /users/1 200 '.length);
    assert.deepEqual(
      [0.4, 1, 999.4, 999.6, 9_949, 9_950, 61_000].map((ms) => took(ms).replace(' user-service', '')),
      ['<1 ms', '1 ms', '999 ms', '1.0 s', '9.9 s', '10 s', '61 s'],
    );
  });

  it('is followed by unusual fields', () => {
    assert.equal(show({ ...request, attempts: 2 }), 'GET /users/1 200 4 ms user-service attempts=2');
    const failed = { ...request, level: 'error', status: 503, failure: 'refused (ECONNREFUSED)' };
    assert.equal(
      show(failed),
      'ERROR GET /users/1 503 4 ms user-service worker=1 upstream=127.0.0.1:8001 failure="refused (ECONNREFUSED)" requestId=b58d997832d49ff3',
    );
    const broken = { ...request, status: undefined, ending: 'cancelled' };
    assert.equal(show(broken), 'GET /users/1 - 4 ms user-service ending=cancelled');
  });

  it('is coloured by its status', () => {
    assert.ok(show({ ...request, status: 404 }, { colour: true }).includes('\u001b[33m404\u001b[0m'));
    assert.match(show({ ...request, status: 700 }, { colour: true }), /700/);
  });

  it('keeps control characters in its path away from the terminal', () => {
    assert.equal(show({ ...request, path: '/\u001b[2J' }), 'GET /\\u001b[2J 200 4 ms user-service');
  });
});

describe('a line shown in full', () => {
  it('has every field', () => {
    const line = show(request, { detail: 'full' });
    assert.match(line, /^\d\d:\d\d:\d\d\.250 INFO {2}request worker=1 method=GET path=\/users\/1 /);
    assert.match(line, /firstByteMs=4\.1 requestId=\S+ traceId=\S+$/);
  });
});

describe('a line on a terminal', () => {
  const warning = { level: 'warn', time: request.time, msg: 'no answer', address: 'http://127.0.0.1:8500', tries: 3 };

  it('is broken between its fields', () => {
    assert.equal(
      prettyLine(JSON.stringify(warning), { colour: false, detail: 'brief', columns: 40 }).replace(/^\S+ /, ''),
      'WARN  no answer\n    address=http://127.0.0.1:8500\n    tries=3',
    );
  });

  it('is broken between words if a field is longer than a line', () => {
    const text = 'no answer; is the registry running, and the address right?';
    const lines = show({ ...warning, reason: text }, { columns: 40 }).split('\n');
    assert.deepEqual(lines, [
      'WARN  no answer',
      '    address=http://127.0.0.1:8500',
      '    tries=3 reason="no answer; is the',
      '    registry running, and the address',
      '    right?"',
    ]);
  });

  it('has no time if there is hardly any room', () => {
    assert.equal(
      prettyLine(JSON.stringify(request), { colour: false, detail: 'brief', columns: 39 }),
      'GET /users/1 200 4 ms user-service',
    );
  });

  it('is not broken if it fits', () => {
    assert.equal(show(warning, { columns: 80 }), 'WARN  no answer address=http://127.0.0.1:8500 tries=3');
  });
});
