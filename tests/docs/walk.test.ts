import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { importsOf } from '../../scripts/rules/imports.ts';
import { readText } from './documents.ts';
import { filesPassedByGet } from './passed-files.ts';

/** Interfaces by which files work together that do not import each other. */
const seams = ['engine/engine.ts', 'balance/balancer.ts', 'socket-engine/sides/stream-pool.ts'].map(
  (name) => `packages/gateway/src/${name}`,
);

/** What ARCHITECTURE.md names of the gateway on the path of a proxied GET: files in order, and folders that stand for their files. */
function walk(): { readonly files: readonly string[]; readonly folders: readonly string[] } {
  const section = /^## A request$(.*?)^## /ms.exec(readText('ARCHITECTURE.md'))?.[1] ?? '';
  const names = [...section.matchAll(/`(packages\/gateway\/src\/[\w./-]+)`/g)].map((match) => match[1] ?? '');
  return { files: names.filter((name) => name.endsWith('.ts')), folders: names.filter((name) => name.endsWith('/')) };
}

suite('the walk of a request in ARCHITECTURE.md', () => {
  const { files, folders } = walk();

  test('names every file that runs for a proxied GET, and no others', async () => {
    const passed = (await filesPassedByGet()).filter((path) => path.startsWith('packages/gateway/'));
    const alone = passed.filter((path) => !folders.some((folder) => path.startsWith(folder)));
    assert.deepEqual([...files].sort(), alone);
    for (const folder of folders)
      assert.ok(
        passed.some((path) => path.startsWith(folder)),
        `no file of ${folder} runs`,
      );
  });

  test('names each file once, next to those that it works with', () => {
    assert.equal(new Set(files).size, files.length);
    const targets = new Map(files.map((file) => [file, importsOf(file, readText(file)).map(({ target }) => target)]));
    const imports = (from: string, to: string): boolean => targets.get(from)?.includes(to) === true;
    for (const [at, file] of files.entries()) {
      const linked = files.slice(0, at).some((before) => {
        const bySeam = seams.some((seam) => imports(before, seam) && imports(file, seam));
        return imports(before, file) || imports(file, before) || bySeam;
      });
      assert.ok(at === 0 || linked, `${file} has nothing to do with what is named before it`);
    }
  });
});
