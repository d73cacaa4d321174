import assert from 'node:assert/strict';
import { test } from 'node:test';
import { processNames } from './process-names.ts';

const process = (name: string, program: string) => ({ name, program: { name: program } });
const fleet = [process('order', 'order'), process('order-2', 'order'), process('mail-1', 'mail-1')];

test('the name of a program means all its instances, that of an instance only itself, and -1 the first', () => {
  assert.deepEqual(processNames(fleet, 'order'), ['order', 'order-2']);
  assert.deepEqual(processNames(fleet, 'order-2'), ['order-2']);
  assert.deepEqual(processNames(fleet, 'order-1'), ['order']);
  assert.deepEqual(processNames(fleet, 'mail-1'), ['mail-1']);
  assert.deepEqual(processNames(fleet, 'order-3'), []);
});
