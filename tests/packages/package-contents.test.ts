import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { test } from 'node:test';
import { contentProblems } from './package-contents.ts';

const good = {
  'README.md': '# A package\n',
  LICENSE: 'MIT',
  'package.json': '{}',
  'bin/run.js': "await import('../dist/index.js');\n",
  'dist/index.js': "// import './example.js';\nexport { part } from './part.js';\n",
  'dist/index.js.map': '{ "sources": ["../src/index.ts"] }',
  'dist/index.d.ts': "export { part } from './part.js';\n",
  'dist/part.js': 'export const part = 1;\n',
  'dist/part.d.ts': 'export declare const part = 1;\n',
  'src/index.ts': "export { part } from './part.ts';\n",
  'src/part.ts': 'export const part = 1;\n',
};

function problemsOf(changes: Readonly<Record<string, string | undefined>>): readonly string[] {
  const folder = mkdtempSync(path.join(tmpdir(), 'flotilla-contents-'));
  try {
    for (const [file, text] of Object.entries({ ...good, ...changes })) {
      if (text === undefined) continue;
      mkdirSync(path.dirname(path.join(folder, file)), { recursive: true });
      writeFileSync(path.join(folder, file), text);
    }
    return contentProblems(folder, '/home/me/flotilla');
  } finally {
    rmSync(folder, { recursive: true });
  }
}

test('a complete package has no problems', () => assert.deepEqual(problemsOf({}), []));

test('everything missing or unexpected is found', () => {
  for (const [changes, problem] of [
    [{ LICENSE: undefined }, 'has no LICENSE'],
    [{ 'src/index.ts': undefined }, 'dist/index.js.map leads to ../src/index.ts, which is not there'],
    [
      { 'dist/index.d.ts': "export { part } from './part.ts';\n" },
      'dist/index.d.ts imports ./part.ts, which is not there',
    ],
    [{ 'dist/part.d.ts': undefined }, 'dist/index.d.ts imports ./part.js, which is not there'],
    [{ 'bin/run.js': "await import('../dist/main.js');\n" }, 'bin/run.js imports ../dist/main.js, which is not there'],
    [{ 'dist/part.test.js': '' }, 'dist/part.test.js is a test'],
    [{ 'src/part.ts': "const root = '/home/me/flotilla';\n" }, 'src/part.ts names a folder of this machine'],
  ] as const)
    assert.deepEqual(problemsOf(changes), [problem]);
});
