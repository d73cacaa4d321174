import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { ExpiryHeap, type HeapItem } from './expiry-heap.ts';

const step = fc.oneof(
  fc.record({ kind: fc.constant('add' as const), dueMs: fc.nat(50) }),
  fc.record({ kind: fc.constant('move' as const), pick: fc.nat(), dueMs: fc.nat(50) }),
  fc.record({ kind: fc.constant('remove' as const), pick: fc.nat() }),
  fc.record({ kind: fc.constant('pop' as const) }),
);

test('after any adds, moves and removals the first item is one of those due first, and each index is right', () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 200 }), (steps) => {
      const heap = new ExpiryHeap<HeapItem>();
      const model: HeapItem[] = [];
      for (const each of steps) {
        if (each.kind === 'add') {
          const item = { dueMs: each.dueMs, heapIndex: -1 };
          model.push(item);
          heap.add(item);
        } else {
          const item = each.kind === 'pop' ? heap.peek() : model[each.pick % Math.max(1, model.length)];
          if (item === undefined) continue;
          if (each.kind === 'move') {
            item.dueMs = each.dueMs;
            heap.moved(item);
          } else {
            heap.remove(item);
            heap.remove(item);
            model.splice(model.indexOf(item), 1);
            assert.equal(item.heapIndex, -1);
          }
        }
        assert.equal(heap.size, model.length);
        assert.equal(heap.peek()?.dueMs, model.length === 0 ? undefined : Math.min(...model.map(({ dueMs }) => dueMs)));
        assert.deepEqual(
          model.map(({ heapIndex }) => heapIndex).sort((a, b) => a - b),
          model.map((_, index) => index),
        );
      }
    }),
  );
});
