import assert from 'node:assert/strict';
import { test } from 'node:test';
import { outline } from './outline.ts';

const explained = {
  service: 'ships',
  served: 1,
  notice: null,
  removed: [],
  instances: [
    {
      id: 'ships-1',
      served: true,
      last_seen: '2026-01-01T00:00:00Z',
      checks: [{ check: 'http', output: '200\u001b[2J' }],
    },
    { id: 'ships-2', served: false, why: ['it is draining', 'its check http is critical'] },
  ],
};

test('JSON is shown as an outline, without what is empty, and without what would move the cursor', () => {
  assert.deepEqual(outline(explained, 80), [
    'service: ships',
    'served: 1',
    'instances:',
    '  - id: ships-1',
    '    served: true',
    '    last seen: 2026-01-01T00:00:00Z',
    '    checks:',
    '      - check: http',
    '        output: 200\\u001b[2J',
    '  - id: ships-2',
    '    served: false',
    '    why:',
    '      - it is draining',
    '      - its check http is critical',
  ]);
});

test('long texts are wrapped to the width', () => {
  for (const columns of [40, 60])
    for (const line of outline({ a: { b: ['word '.repeat(40)] } }, columns))
      assert.ok(line.trimEnd().length <= columns, line);
});
