import assert from 'node:assert/strict';
import { test } from 'node:test';
import { explainedLines } from './explained-lines.ts';

const explanation = {
  service: 'ships',
  summary: '1 of 2 instances get new work',
  instances: [
    {
      id: 'ships-1',
      address: '127.0.0.1',
      port: 8001,
      ready: true,
      why: 'It is well',
      last_seen: '2026-01-01T00:00:00Z',
      checks: [],
    },
    {
      ...{ id: 'ships-2', address: '::1', port: 8002, ready: false, why: 'Its check web is critical' },
      last_seen: '2026-01-01T00:00:02Z',
      checks: [
        {
          check: 'web',
          type: 'http',
          status: 'critical',
          output: 'refused\u001b[2J\nmore',
          since: '2026-01-01T00:00:01Z',
        },
      ],
    },
  ],
  removed: [{ id: 'ships-3', why: 'It was deregistered by its program', at: '2026-01-01T00:00:00Z' }],
  guard: { open: false, share_percent: 30, hold_ms: 300_000 },
};

test('an explanation says of each instance why, when it was seen, and what its checks say', () => {
  assert.deepEqual(explainedLines(explanation, 100, Date.parse('2026-01-01T00:00:05Z')), [
    'ships: 1 of 2 instances get new work.',
    '  ships-1  127.0.0.1:8001  ready',
    '    It is well',
    '    Last sign of life: 5 s ago.',
    '  ships-2  [::1]:8002  not ready',
    '    Its check web is critical',
    '    Last sign of life: 3 s ago.',
    '    Check web (http): critical, changed 4 s ago: refused\\u001b[2J',
    'Gone lately:',
    '  ships-3  5 s ago',
    '    It was deregistered by its program',
  ]);
});

test('it fits into a narrow terminal, and what is not known is an outline', () => {
  for (const line of explainedLines(explanation, 40, 0)) assert.ok(line.length <= 40, line);
  assert.deepEqual(explainedLines({ verdict: 'good' }, 40, 0), ['verdict: good']);
});

test('while the registry keeps silent instances, it says so, with why and until when', () => {
  const guard = { open: true, share_percent: 30, until: '2026-01-01T00:05:00Z', suspects: 7 };
  assert.deepEqual(explainedLines({ ...explanation, guard }, 100, 0).slice(-4), [
    'The registry keeps silent instances:',
    '  share percent: 30',
    '  until: 2026-01-01T00:05:00Z',
    '  suspects: 7',
  ]);
});
