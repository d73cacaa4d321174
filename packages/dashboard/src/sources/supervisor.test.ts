import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { FleetReport, ProcessReport } from '@flotilla/fleet/control';
import { OwnStopRefused, Supervisor } from './supervisor.ts';

function process(program: string, role: string): ProcessReport {
  return {
    ...{ name: program, program, role, state: 'ready', restarts: 0 },
    ...{
      singleBecause: null,
      why: null,
      whyIn: null,
      pid: 1,
      port: 1,
      url: null,
      uptimeMs: 1,
      cpuPercent: null,
      memoryBytes: null,
    },
  };
}

/** A supervisor of a fleet with one service and a dashboard named `seen`, and what it was asked to do. */
function asked(): { readonly supervisor: Supervisor; readonly done: string[] } {
  const done: string[] = [];
  const processes = [process('user-service', 'service'), process('seen', 'dashboard')];
  const report: FleetReport = { protocol: 1, version: '1', pid: 7, folder: '/p', uptimeMs: 1, processes };
  const client = {
    report: () => Promise.resolve(report),
    act(action: string, name: string) {
      done.push(`${action} ${name}`);
      return Promise.resolve([name]);
    },
    scale: () => Promise.resolve(),
  };
  const find = () => Promise.resolve([{ pid: 7, client }]);
  return { supervisor: new Supervisor({ folder: '/p', parentPid: 7, find }), done };
}

test('the dashboard is not stopped from its own page, by whatever name, and says what to do instead', async () => {
  const { supervisor, done } = asked();
  for (const name of ['seen', 'seen-1'])
    await assert.rejects(supervisor.act('stop', name), (error: unknown) => {
      assert.ok(error instanceof OwnStopRefused);
      assert.match(error.message, /"flotilla stop seen" stops it, and "flotilla stop" the whole fleet/);
      return true;
    });
  assert.deepEqual(done, []);
});

test('the dashboard may be restarted, and other programs stopped', async () => {
  const { supervisor, done } = asked();
  await supervisor.act('restart', 'seen');
  await supervisor.act('stop', 'user-service');
  assert.deepEqual(done, ['restart seen', 'stop user-service']);
});
