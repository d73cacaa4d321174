import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { test } from 'node:test';
import { cpuTimeMs } from './cpu-time.ts';
import { groupUsages } from './process-usage.ts';

test('CPU time is read in the formats of ps on all systems', () => {
  assert.equal(cpuTimeMs('0:03.45'), 3_450);
  assert.equal(cpuTimeMs('02:03:04'), 7_384_000);
  assert.equal(cpuTimeMs('1-00:00:01'), 86_401_000);
  assert.equal(cpuTimeMs('?'), 0);
});

test('the leader of a process group is measured, an ended process is left out', async () => {
  // It is there when it says so: what is forked and not yet running has no memory of its own.
  const script = "process.stdout.write('up'); setInterval(() => {}, 1e9)";
  const child = spawn(process.execPath, ['-e', script], { detached: true, stdio: ['ignore', 'pipe', 'ignore'] });
  const pid = child.pid ?? assert.fail();
  try {
    await once(child.stdout, 'data');
    const usages = await groupUsages(new Set([pid, 2 ** 22 + 1]));
    assert.deepEqual([...usages.keys()], [pid]);
    assert.ok((usages.get(pid)?.memoryBytes ?? 0) > 100_000);
  } finally {
    child.kill('SIGKILL');
  }
});
