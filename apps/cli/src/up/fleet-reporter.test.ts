import assert from 'node:assert/strict';
import { test } from 'node:test';
import { FakeClock } from '@flotilla/testing';
import type { FleetOutput } from '../output/fleet-output.ts';
import { FleetReporter } from './fleet-reporter.ts';

test('a program that is restarted soon after its start stays silent until it is ready again', () => {
  const clock = new FakeClock();
  const volumes: string[] = [];
  const output = { say: () => undefined, setVolume: (_name: string, volume: string) => volumes.push(volume) };
  const sink = { write: () => undefined };
  const reporter = new FleetReporter({
    specs: new Map(),
    programs: [],
    // Of a whole output only these are used.
    output: output as unknown as FleetOutput,
    stdout: sink,
    stderr: sink,
    clock,
    json: false,
    startedMs: 0,
    stop: () => undefined,
    finish: () => undefined,
    checkSettings: async () => [],
  });
  const ready = { kind: 'ready', name: 'a', url: 'http://a', again: true } as const;
  reporter.tell(ready);
  clock.advance(1_000);
  reporter.asked('restart', ['a']);
  clock.advance(1_500);
  assert.deepEqual(volumes, ['requests', 'silent']);
  reporter.tell(ready);
  clock.advance(1_000);
  reporter.tell(ready);
  clock.advance(1_500);
  assert.deepEqual(volumes.slice(2), ['requests', 'requests']);
  clock.advance(500);
  assert.equal(volumes.at(-1), 'all');
});
