import assert from 'node:assert/strict';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, test } from 'node:test';
import {
  type Draft,
  draftAggregate,
  draftMigration,
  draftProject,
  draftRoute,
  draftService,
  WishRefused,
  writeChanges,
} from './index.ts';

let folder: string;
let root: string;
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'flotilla-templates-'));
  root = path.join(folder, 'shop');
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const read = (file: string): Promise<string> => readFile(path.join(root, file), 'utf8');
const made = { service: 'book', version: '1.2.3', node: '>=24.15.0' };

async function write(draft: Promise<Draft>): Promise<Draft> {
  const drafted = await draft;
  await writeChanges(root, drafted.changes);
  return drafted;
}

async function refusal(wish: Promise<unknown>): Promise<string> {
  const error = await wish.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  assert.ok(error instanceof WishRefused, String(error));
  return error.message;
}

test('a new project contains its own name, version and service everywhere, and no placeholders', async () => {
  await write(draftProject({ folder: root, ...made }));
  const manifest = JSON.parse(await read('package.json')) as { name: string; dependencies: Record<string, string> };
  assert.equal(manifest.name, 'shop');
  assert.equal(manifest.dependencies['@flotilla/kit'], '1.2.3');
  assert.match(await read('.gitignore'), /^data\/$/m);
  assert.match(await read('flotilla.config.ts'), /'book-service': \{ run: 'services\/book\/main\.ts', port: 8001 \}/);
  for (const file of await readdir(root, { recursive: true, withFileTypes: true })) {
    if (!file.isFile()) continue;
    const text = await readFile(path.join(file.parentPath, file.name), 'utf8');
    assert.doesNotMatch(`${file.name}\n${text}`, /tiny.?gadget|\{(?:project|version|node)\}/i, file.name);
  }
});

test('a second service gets the next port and is added to the fleet and the gateway', async () => {
  await write(draftProject({ folder: root, ...made }));
  const draft = await write(draftService({ root, name: 'order-line' }));
  assert.deepEqual(draft.byHand, []);
  const fleet = await read('flotilla.config.ts');
  assert.match(fleet, /'order-line-service': \{ run: 'services\/order-line\/main\.ts', port: 8002 \},\n {2}\},/);
  assert.match(
    await read('gateway.config.ts'),
    /match: '\/order-lines\/\{id\}', service: 'order-line-service' \},\n {2}\],/,
  );
  assert.match(await read('services/order-line/main.ts'), /defaultPort: 8002/);
  assert.match(await refusal(draftService({ root, name: 'book' })), /already has a book-service/);
  assert.match(await refusal(draftService({ root, name: 'author', port: 8002 })), /Port 8002 belongs/);
  assert.match(await refusal(draftService({ root, name: 'Author!' })), /Try "author"/);
});

test('files in another form are left for the user to edit', async () => {
  await write(draftProject({ folder: root, ...made }));
  await writeFile(path.join(root, 'flotilla.config.ts'), 'export const fleet = defineFleet(await load());\n');
  const draft = await draftService({ root, name: 'author' });
  assert.deepEqual(
    draft.byHand.map(({ file, property }) => [file, property]),
    [['flotilla.config.ts', 'programs']],
  );
  assert.equal(draft.byHand[0]?.entry, "'author-service': { run: 'services/author/main.ts', port: 8001 }");
});

test('outside a project the message says how to create one', async () => {
  assert.match(
    await refusal(draftService({ root, name: 'author' })),
    /Cannot find flotilla\.config\.ts in .*npm create flotilla/,
  );
});

test('a folder that is not empty is refused, unless it has only files of git and editors', async () => {
  await mkdir(path.join(root, '.git'), { recursive: true });
  assert.ok((await draftProject({ folder: root, ...made })).changes.length > 0);
  await writeFile(path.join(root, 'thesis.txt'), 'mine');
  assert.match(await refusal(draftProject({ folder: root, ...made })), /is not empty/);
});

test('a folder with a name that npm refuses is refused', async () => {
  for (const name of ['My Fleet', 'Shop', '.hidden', '商店', '-x']) {
    assert.match(
      await refusal(draftProject({ folder: path.join(folder, name), ...made })),
      /cannot be a project's name/,
    );
  }
});

test('a route calls the service that its path suggests, or the named one', async () => {
  await write(draftProject({ folder: root, ...made }));
  await write(draftService({ root, name: 'author' }));
  await write(draftRoute({ root, name: '/authors/{id}/books', service: 'book' }));
  await write(draftRoute({ root, name: 'authors-by-name' }));
  const routes = await read('gateway.config.ts');
  assert.match(routes, /match: '\/authors\/\{id\}\/books', service: 'book-service'/);
  assert.match(routes, /match: '\/authors-by-name', service: 'author-service'/);
  assert.match(
    await refusal(draftRoute({ root, name: '/authors-by-name' })),
    /already has a route for \/authors-by-name/,
  );
  assert.match(
    await refusal(draftRoute({ root, name: '/reports' })),
    /Say which service.*book-service, author-service/,
  );
  assert.match(await refusal(draftRoute({ root, name: '/reports', service: 'bok' })), /no service "bok"/);
  for (const name of ['/a b', '/{1d}', '//', '/a?b=1', "/a'", '/\u001b[2J']) {
    assert.match(await refusal(draftRoute({ root, name, service: 'book' })), /is not a path/);
  }
});

test('an aggregate asks several services of the fleet for the same id', async () => {
  await write(draftProject({ folder: root, ...made }));
  await write(draftService({ root, name: 'author' }));
  await write(draftAggregate({ root, name: 'overview' }));
  assert.match(
    await read('gateway.config.ts'),
    /match: '\/overview\/\{id\}',\n {6}parameters: \{ id: .*\n {6}parts: \{\n {8}book: \{ .*target: '\/books\/\{id\}', need: 'required' \},\n {8}author: .*'optional' \},\n/,
  );
});

test('a migration gets the next number and is added to the end of the list', async () => {
  await write(draftProject({ folder: root, ...made }));
  await write(draftMigration({ root, name: 'add-isbn' }));
  assert.match(
    await read('services/book/migrations/0002-add-isbn.ts'),
    /export const addIsbn: Migration = \{\n {2}id: '0002-add-isbn'/,
  );
  const list = await read('services/book/migrations/book-migrations.ts');
  assert.match(list, /import \{ addIsbn \} from '\.\/0002-add-isbn\.ts';\n/);
  assert.match(list, /createBooks,\n {2}addIsbn,\n\];/);
  assert.match(await refusal(draftMigration({ root, name: 'add-isbn' })), /0002-add-isbn\.ts already does that/);
  await write(draftService({ root, name: 'author' }));
  assert.match(
    await refusal(draftMigration({ root, name: 'add-age' })),
    /Name the service of the migration.*services\/author, services\/book/,
  );
  await write(draftMigration({ root, name: 'add-age', service: 'services/author/' }));
  assert.match(
    await refusal(draftMigration({ root, name: 'x', service: 'autor' })),
    /No service "autor" has migrations/,
  );
});

test('a fleet file on one line is read like any other, and its ports count as used', async () => {
  await write(draftProject({ folder: root, ...made }));
  const programs = "'book-service': { run: 'a.ts', port }, 'x-service': { run: 'x.ts', ports: { http: 8_002 } }";
  await writeFile(
    path.join(root, 'flotilla.config.ts'),
    `const port = 8001;\nexport const fleet = { programs: { ${programs} } };\n`,
  );
  assert.match(await refusal(draftService({ root, name: 'book' })), /already has a book-service/);
  await write(draftService({ root, name: 'author' }));
  assert.match(await read('flotilla.config.ts'), /'author-service': .*port: 8003 }/);
});

test("a name that a service's own code uses is refused", async () => {
  assert.match(await refusal(draftProject({ folder: root, ...made, service: 'param' })), /Add a word/);
  await write(draftProject({ folder: root, ...made }));
  assert.match(await refusal(draftService({ root, name: 'main' })), /for example "main-item"/);
});

test('a list of migrations is found however its type is written, and keeps its line ends', async () => {
  await write(draftProject({ folder: root, ...made }));
  const list = 'services/book/migrations/book-migrations.ts';
  const head = "import type { Migration } from '@flotilla/kit/database';\r\n";
  for (const [at, declared] of [
    'bookMigrations: ReadonlyArray<Migration> = [];',
    'bookMigrations = [] satisfies readonly Migration[];',
  ].entries()) {
    await writeFile(path.join(root, list), `${head}\r\nexport const ${declared}\r\n`);
    await write(draftMigration({ root, name: `step-${at}` }));
    const text = await read(list);
    assert.match(
      text,
      new RegExp(`import \\{ step${at} \\} from '.*';\r\n\r\nexport const [^]*\\[\r\n  step${at},\r\n\\]`),
    );
    assert.doesNotMatch(text, /[^\r]\n/);
  }
});

test('the parameters of a route may have any name that the gateway takes', async () => {
  await write(draftProject({ folder: root, ...made }));
  await write(draftRoute({ root, name: '/books/{bookId}/reviews' }));
  assert.match(await read('gateway.config.ts'), /match: '\/books\/\{bookId\}\/reviews'/);
});
