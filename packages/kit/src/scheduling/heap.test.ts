import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { Heap, type HeapItem } from './heap.ts';

interface Item extends HeapItem {
  due: number;
}

const newHeap = (): Heap<Item> => new Heap((a, b) => a.due < b.due);

const step = fc.oneof(
  fc.record({ kind: fc.constant('add' as const), due: fc.nat(50) }),
  fc.record({ kind: fc.constant('move' as const), pick: fc.nat(), due: fc.nat(50) }),
  fc.record({ kind: fc.constant('remove' as const), pick: fc.nat() }),
  fc.record({ kind: fc.constant('pop' as const) }),
  fc.record({ kind: fc.constant('peek-where' as const), least: fc.nat(50) }),
);

test('after any adds, moves and removals, the first item is one of those due first, and each index is right', () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 200 }), (steps) => {
      const heap = newHeap();
      const model: Item[] = [];
      for (const each of steps) {
        if (each.kind === 'add') {
          const item = { due: each.due, heapIndex: -1 };
          model.push(item);
          heap.add(item);
        } else if (each.kind === 'peek-where') {
          const dues = model.map(({ due }) => due).filter((due) => due >= each.least);
          const found = heap.peekWhere(({ due }) => due >= each.least);
          assert.equal(found?.due, dues.length === 0 ? undefined : Math.min(...dues));
        } else {
          const item = each.kind === 'pop' ? heap.peek() : model[each.pick % Math.max(1, model.length)];
          if (item === undefined) continue;
          if (each.kind === 'move') {
            item.due = each.due;
            heap.moved(item);
          } else {
            heap.remove(item);
            heap.remove(item);
            model.splice(model.indexOf(item), 1);
            assert.equal(item.heapIndex, -1);
          }
        }
        assert.equal(heap.size, model.length);
        assert.equal(heap.peek()?.due, model.length === 0 ? undefined : Math.min(...model.map(({ due }) => due)));
        assert.deepEqual(
          model.map(({ heapIndex }) => heapIndex).sort((a, b) => a - b),
          model.map((_, index) => index),
        );
      }
    }),
  );
});
