import assert from 'node:assert/strict';
import { glob, readFile } from 'node:fs/promises';
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
  const names = new Set(['main', 'metric']);
  for await (const file of glob('**/*.ts', { cwd: templateFolder }))
    for (const name of namesUsed(await readFile(path.join(templateFolder, file), 'utf8'))) names.add(name);
  assert.deepEqual([...names].toSorted(), [
    ...['database', 'database-definition', 'define', 'main', 'metric', 'open', 'param', 'record', 'record-id'],
    'record-store',
  ]);
  for (const name of names) {
    const reading = readServiceName(name);
    assert.ok(!reading.ok && reading.problem.endsWith(`Add a word, for example "${name}-item".`), name);
    assert.ok(readServiceName(`${name}-item`).ok);
  }
});

const templateFolder = path.join(import.meta.dirname, '../files/service/tiny-gadget');

/** The services whose code would have two things of one name: `openDatabase` of the kit, and that of the service "open". */
function namesUsed(source: string): readonly string[] {
  const code = source.replaceAll(/\/\*[\s\S]*?\*\/|\/\/.*|'[^']*'/g, '');
  const words = [...new Set(code.match(/[A-Za-z_]\w*/g))];
  const ours = words.flatMap((word) => {
    const [, before = '', own = '', plural = '', after = ''] = /^(.*?)([tT]inyGadget)(s?)(.*)$/.exec(word) ?? [];
    return own === ''
      ? []
      : [new RegExp(`^${before}(${own === 'tinyGadget' ? '[a-z]' : '[A-Z]'}\\w*)${plural}${after}$`)];
  });
  const others = words.filter((word) => !/tinyGadget/i.test(word));
  return others.flatMap((word) =>
    ours.flatMap((pattern) => {
      const name = pattern.exec(word)?.[1];
      return name === undefined ? [] : [name.replaceAll(/(?<=[a-z0-9])(?=[A-Z])/g, '-').toLowerCase()];
    }),
  );
}
