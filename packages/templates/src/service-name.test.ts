import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { test } from 'node:test';
import { runInNewContext } from 'node:vm';
import { readResourceName } from './resource-name.ts';
import { readServiceName } from './service-name.ts';

test('a common name is accepted like any other', () => {
  for (const name of ['book', 'order-line', 'event', 'news', 'list', 'path', 'process', 'tests'])
    assert.deepEqual(readServiceName(name), readResourceName(name));
});

test('a name that no resource may have is refused for that reason first', () => {
  assert.deepEqual(readServiceName('Book'), readResourceName('Book'));
});

test('a service cannot hide a JavaScript type or an inherited property of every object', () => {
  const names = runInNewContext(
    'JSON.stringify([Object.getOwnPropertyNames(globalThis), Object.getOwnPropertyNames({}.__proto__)])',
  );
  const [globals = [], ofObjects = []] = JSON.parse(names as string) as string[][];
  // WebAssembly is no part of the language: the linter lets others have the name.
  const types = globals.filter((name) => /^[A-Z][a-z]/.test(name) && !['NaN', 'WebAssembly'].includes(name));
  assert.ok(types.includes('Map') && types.includes('Promise'));
  for (const name of [...types, ...ofObjects.filter((each) => !each.startsWith('_'))]) {
    const kebab = name.replace(/(?<=[a-z0-9])(?=[A-Z])/g, '-').toLowerCase();
    assert.equal(readServiceName(kebab).ok, false, kebab);
  }
});

test('a name that the template uses is refused with one that is allowed', async () => {
  const folder = path.join(import.meta.dirname, '../files/service/tiny-gadget');
  const routes = await readFile(path.join(folder, 'tiny-gadget-routes.ts'), 'utf8');
  const store = await readFile(path.join(folder, 'tiny-gadget-store.ts'), 'utf8');
  // Beside the parameter `tinyGadgets` of the routes, this stands: a name of its would be another's.
  assert.match(routes, /\{ params \}/);
  // Beside the types `TinyGadget` and `TinyGadgetStore`, these.
  for (const name of ['Database', 'RecordStore', 'recordStore']) assert.match(store, new RegExp(`\\b${name}\\b`));
  for (const name of ['param', 'database', 'record', 'main', 'metric']) {
    const reading = readServiceName(name);
    assert.ok(!reading.ok && reading.problem.endsWith(`Add a word, for example "${name}-item".`), name);
    assert.ok(readServiceName(`${name}-item`).ok);
  }
});
