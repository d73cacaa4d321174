import assert from 'node:assert/strict';
import { mkdir, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, test } from 'node:test';
import { systemClock } from '@flotilla/contracts';
import { draftProject, writeChanges } from '@flotilla/templates';
import { dispatch } from './dispatch.ts';
import { verbTable } from './verb-table.ts';

let root: string;
beforeEach(async () => {
  root = path.join(await mkdtemp(path.join(tmpdir(), 'flotilla-new-')), 'shop');
  const draft = await draftProject({ folder: root, service: 'book', version: '1.2.3', node: '>=24' });
  await writeChanges(root, draft.changes);
});
afterEach(() => rm(path.dirname(root), { recursive: true, force: true }));

async function run(words: readonly string[], cwd = root) {
  const out = { stdout: '', stderr: '' };
  const code = await dispatch(['new', ...words], {
    env: {},
    stdout: { write: (text) => (out.stdout += text) },
    stderr: { write: (text) => (out.stderr += text) },
    clock: systemClock,
    random: Math.random,
    cwd,
    startedMs: 0,
    version: '1.2.3',
    verbs: verbTable,
    onStopRequest: () => undefined,
  });
  return { code, ...out };
}

test('each kind is written, and the new files are listed relative to the current folder', async () => {
  const service = await run(['service', 'author', '--port', '8010'], path.join(root, 'services'));
  assert.equal(service.stderr, '');
  assert.match(service.stdout, /^ {2}new {6}\.\.\/services\/author\/main\.ts$/m);
  assert.match(service.stdout, /^ {2}changed {2}\.\.\/flotilla\.config\.ts$/m);
  assert.equal((await run(['route', '/authors/{id}/books', '--service', 'book'])).code, 0);
  assert.equal((await run(['aggregate', 'overview', '--service', 'book,author'])).code, 0);
  assert.equal((await run(['migration', 'add-isbn', '--service', 'book'])).code, 0);
  assert.match(await readFile(path.join(root, 'flotilla.config.ts'), 'utf8'), /author-service.*8010/);
});

test('programs can read the list of new files', async () => {
  const { stdout } = await run(['service', 'author', '--json']);
  const { written, byHand } = JSON.parse(stdout) as { written: { file: string; kind: string }[]; byHand: unknown[] };
  assert.deepEqual(byHand, []);
  assert.ok(written.some(({ file, kind }) => file === 'gateway.config.ts' && kind === 'changed'));
});

test('a mistake is reported with exit code 64 and changes nothing', async () => {
  const before = await readFile(path.join(root, 'flotilla.config.ts'), 'utf8');
  const elsewhere = path.join(path.dirname(root), 'elsewhere');
  await mkdir(elsewhere);
  const cases: readonly (readonly [readonly string[], RegExp, string?])[] = [
    [['service'], /flotilla new service book/],
    [['servise', 'x'], /Unknown kind "servise"\. Choose one of: service, route/],
    [['service', 'Book Shop'], /Try "book-shop"/],
    [['service', '../x'], /cannot be a name/],
    [['service', 'book'], /already/],
    [['service', 'author', '--port', '80800'], /not a whole number/],
    [['service', 'author', '--service', 'book'], /A service does not accept --service/],
    [['route', '/x', '--port', '1'], /A route does not accept --port/],
    [['service', 'author'], /find flotilla\.config\.ts in .*npm create flotilla/, elsewhere],
  ];
  for (const [words, expected, cwd] of cases) {
    const { code, stderr, stdout } = await run(words, cwd);
    assert.equal(code, 64, words.join(' '));
    assert.match(stderr, expected);
    assert.equal(stdout, '');
  }
  assert.equal(await readFile(path.join(root, 'flotilla.config.ts'), 'utf8'), before);
});
