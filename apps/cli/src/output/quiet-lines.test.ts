import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { LogLine } from '@flotilla/kit/log-line';
import { FakeClock } from '@flotilla/testing';
import { QuietLines, type Volume } from './quiet-lines.ts';

function setUp({ gateways = ['gateway'], volume = 'all' }: { gateways?: string[]; volume?: Volume } = {}) {
  const clock = new FakeClock();
  const later: string[] = [];
  const quiet = new QuietLines({
    clock,
    gateways: new Set(gateways),
    registries: new Set(['service-registry']),
    show: (name, line) => later.push(`${name} ${String(line['path'])}`),
  });
  for (const name of ['gateway', 'service-registry', 'user-service']) quiet.setVolume(name, volume);
  return { clock, later, quiet };
}

const note = (level = 'info'): LogLine => ({ level, time: 't', msg: 'listening' });
const request = (path: string, requestId = 'r', status = 200, level = 'info'): LogLine => ({
  level,
  time: 't',
  msg: 'request',
  method: 'GET',
  path,
  status,
  requestId,
});

describe('quiet output', () => {
  it("leaves out a muted process's lines, but never a warning or an error", () => {
    const { quiet } = setUp({ volume: 'silent' });
    assert.equal(quiet.admits('gateway', note()), false);
    assert.equal(quiet.admits('gateway', request('/users')), false);
    for (const level of ['warn', 'error', 'fatal']) {
      assert.equal(quiet.admits('gateway', note(level)), true);
      assert.equal(quiet.admits('gateway', request('/users', 'r', 503, level)), true);
    }
  });

  it('returns the last lines of a muted process on request', () => {
    const { quiet, later } = setUp({ volume: 'silent' });
    for (const path of ['1', '2', '3', '4']) quiet.admits('gateway', { ...note(), path });
    quiet.tellLeftOut('gateway');
    quiet.tellLeftOut('gateway');
    assert.deepEqual(later, ['gateway 2', 'gateway 3', 'gateway 4']);
  });

  it('shows requests while the rest of a start is left out', () => {
    const { quiet } = setUp({ volume: 'requests' });
    assert.equal(quiet.admits('gateway', request('/users')), true);
    assert.equal(quiet.admits('gateway', note()), false);
  });

  it('leaves out successful probes and requests to the registry', () => {
    const { quiet } = setUp();
    assert.equal(quiet.admits('gateway', request('/livez')), false);
    assert.equal(quiet.admits('gateway', request('/flotilla/upstreams')), false);
    assert.equal(quiet.admits('gateway', request('/readyz', 'r', 429)), true);
    assert.equal(quiet.admits('service-registry', request('/register')), false);
    assert.equal(quiet.admits('service-registry', request('/register', 'r', 400)), true);
    assert.equal(quiet.admits('service-registry', note()), true);
  });

  it('shows a request that went through the gateway once', () => {
    const { quiet, later, clock } = setUp();
    assert.equal(quiet.admits('user-service', request('/users', 'a')), false);
    assert.equal(quiet.admits('user-service', request('/direct', 'b')), false);
    assert.equal(quiet.admits('gateway', request('/users', 'a')), true);
    clock.advance(249);
    assert.deepEqual(later, []);
    clock.advance(1);
    assert.deepEqual(later, ['user-service /direct']);
  });

  it('does so even if the gateway logs it first, and only for a moment', () => {
    const { quiet, later, clock } = setUp();
    assert.equal(quiet.admits('gateway', request('/users', 'a')), true);
    clock.advance(249);
    assert.equal(quiet.admits('user-service', request('/users', 'a')), false);
    assert.deepEqual(clock.pendingDelaysMs, []);
    clock.advance(1);
    quiet.admits('user-service', request('/direct', 'a'));
    clock.advance(250);
    assert.deepEqual(later, ['user-service /direct']);
  });

  it("shows services' requests at once if no gateway passes them on", () => {
    assert.equal(setUp({ gateways: [] }).quiet.admits('user-service', request('/users')), true);
  });

  it('holds back each line for its own time, even if its id repeats', () => {
    const { quiet, later, clock } = setUp();
    quiet.admits('user-service', request('/1', 'same'));
    clock.advance(200);
    quiet.admits('user-service', request('/2', 'same'));
    clock.advance(50);
    assert.deepEqual(later, ['user-service /1']);
    clock.advance(250);
    assert.deepEqual(later, ['user-service /1', 'user-service /2']);
    assert.deepEqual(clock.pendingDelaysMs, []);
  });

  it('holds back a limited number of lines, and shows them at the end', () => {
    const { quiet, later } = setUp();
    let shown = 0;
    for (let index = 0; index < 3_000; index += 1) {
      if (quiet.admits('user-service', request('/', String(index)))) shown += 1;
    }
    assert.equal(shown, 1_000);
    quiet.flush();
    assert.equal(later.length, 2_000);
  });
});
