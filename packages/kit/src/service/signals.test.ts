import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { FakeClock } from '@flotilla/testing';
import { silentLogger } from '../logger/index.ts';
import { onStopRequest } from './signals.ts';

function listen(supervised = false, hangup = true) {
  const clock = new FakeClock();
  const listeners = new Map<string, () => void>();
  const seen = { stops: 0, exits: [] as number[] };
  const host = {
    env: {},
    argv: [],
    pid: 1,
    stdout: { write: () => undefined },
    stderr: { write: () => undefined },
    on: (event: string, listener: () => void) => listeners.set(event, listener),
    exit: (code = 0) => seen.exits.push(code),
    ...(supervised ? { send: () => true } : {}),
  };
  const request = onStopRequest(host, clock, silentLogger(), { hangup }, () => seen.stops++);
  return { clock, request, seen, emit: (event: string) => listeners.get(event)?.() };
}

describe('onStopRequest', () => {
  it('stops once, and exits at once when told again', () => {
    const { clock, request, seen, emit } = listen();
    emit('SIGTERM');
    assert.deepEqual([request.made, seen.stops, seen.exits], [true, 1, []]);
    clock.advance(300);
    emit('SIGINT');
    assert.deepEqual([seen.stops, seen.exits], [1, [1]]);
  });

  it('stops on SIGHUP, unless that means something else to the program', () => {
    const program = listen();
    program.emit('SIGHUP');
    assert.equal(program.seen.stops, 1);
    const worker = listen(true, false);
    worker.emit('SIGHUP');
    assert.equal(worker.seen.stops, 0);
  });

  it('treats two signals at the same moment as one', () => {
    const { clock, seen, emit } = listen();
    emit('SIGINT');
    clock.advance(299);
    emit('SIGINT');
    assert.deepEqual([seen.stops, seen.exits], [1, []]);
  });

  it('does not count the end of the supervisor as a second request', () => {
    const { clock, seen, emit } = listen(true);
    emit('SIGTERM');
    clock.advance(1000);
    emit('disconnect');
    assert.deepEqual([seen.stops, seen.exits], [1, []]);
  });

  it('stops on SIGINT under a supervisor too, and when the supervisor is gone', () => {
    for (const event of ['SIGINT', 'disconnect']) {
      const { request, emit } = listen(true);
      emit(event);
      assert.equal(request.made, true, event);
    }
  });
});
