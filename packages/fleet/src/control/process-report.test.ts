import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ProcessState } from '../supervise/process-state.ts';
import type { ProcessReport } from './control-types.ts';
import { reportProcess } from './process-report.ts';

const spec = { role: 'service', port: 8001, after: ['database'] };

function reported(state: ProcessState): ProcessReport {
  const snapshot = { name: 'a', program: 'a', state, pid: undefined, startedMs: undefined, restarts: 0 };
  return reportProcess(snapshot, spec, 1_000, undefined);
}

function report(state: ProcessState): readonly [state: string, why: string | null] {
  const told = reported(state);
  return [told.state, told.why];
}

test('each state is shown as one word, with a reason if needed', () => {
  const cases: readonly (readonly [ProcessState, string, string | null])[] = [
    [{ kind: 'idle' }, 'waiting', 'waits for database'],
    [{ kind: 'starting', crashes: 0, wasReady: false, onTrial: false }, 'starting', null],
    [{ kind: 'starting', crashes: 1, wasReady: false, onTrial: false }, 'starting', 'crashed once'],
    [{ kind: 'ready', crashes: 0, sinceMs: 0, url: 'http://a' }, 'ready', null],
    [
      { kind: 'waiting', crashes: 3, wasReady: true, dueMs: 3_500 },
      'restarting',
      'crashed 3 times in a row, restarts in 2.5 s',
    ],
    [{ kind: 'ended', end: { code: 0, signal: null }, onTrial: false }, 'done', null],
    [{ kind: 'ended', end: { code: 3, signal: null }, onTrial: false }, 'ended', 'exit code 3'],
    [{ kind: 'ended', end: { code: null, signal: 'SIGKILL' }, onTrial: false }, 'ended', 'ended by SIGKILL'],
    [{ kind: 'stopped' }, 'stopped', null],
  ];
  for (const [state, word, why] of cases) assert.deepEqual(report(state), [word, why], state.kind);
  const crashed = reported({ kind: 'waiting', crashes: 3, wasReady: true, dueMs: 3_500 });
  assert.equal(crashed.whyIn?.['zh-CN'], '连续崩溃 3 次，2.5 秒后重启');
});
