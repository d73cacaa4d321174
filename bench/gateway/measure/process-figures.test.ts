import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { test } from 'node:test';
import {
  cpuBetween,
  cpuTime,
  memory,
  parseKilobytes,
  parseSchedstat,
  parseStat,
  processTree,
} from './process-figures.ts';

test('the ticks of a program are found after a name with spaces and parentheses', () => {
  const stat = '1234 (a (b) c) S 1 1234 1234 0 -1 4194560 100 0 0 0 345 67 0 0 20 0 11 0 9999 123456 789 0';
  assert.deepEqual(parseStat(stat), { userTicks: 345, systemTicks: 67 });
});

test('the time on a core is the first number of schedstat', () => {
  assert.equal(parseSchedstat('123456789 2345 67\n'), 123_456_789);
});

test('a size is read in bytes, and fields with similar names are ignored', () => {
  const rollup = 'Rss:                2048 kB\nSwapPss:               8 kB\nPss:                1024 kB\n';
  assert.equal(parseKilobytes(rollup, 'Pss'), 1024 * 1024);
  assert.equal(parseKilobytes(rollup, 'Rss'), 2048 * 1024);
  assert.equal(parseKilobytes(rollup, 'Shared'), 0);
});

test('the usage of grandchildren counts too', { skip: process.platform !== 'linux' && 'needs /proc' }, async () => {
  const busy = 'while (process.cpuUsage().user < 100_000); console.log("done"); setInterval(() => 0, 1e6)';
  const parent = `
    const child = require('node:child_process').spawn(process.execPath, ['-e', ${JSON.stringify(busy)}], { stdio: 'inherit' });
    process.on('SIGTERM', () => { child.kill(); process.exit(); });`;
  const child = spawn(process.execPath, ['-e', parent], { stdio: ['ignore', 'pipe', 'inherit'] });
  try {
    await once(child.stdout, 'data');
    const pid = child.pid ?? 0;
    assert.equal(processTree(pid).length, 2);
    const used = cpuBetween({ totalNs: 0, userTicks: 0, systemTicks: 0 }, cpuTime(pid));
    assert.ok(used.totalNs > 90e6, `${used.totalNs} ns are less than what was burnt`);
    assert.ok(memory(pid).rssBytes > 20e6);
  } finally {
    child.kill();
    await once(child, 'close');
  }
});

test('a process that has ended has no tree and costs nothing', () => {
  assert.deepEqual(processTree(2 ** 30), []);
  assert.deepEqual(cpuTime(2 ** 30), { totalNs: 0, userTicks: 0, systemTicks: 0 });
});
