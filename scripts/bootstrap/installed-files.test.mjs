import assert from 'node:assert/strict';
import { appendFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { test } from 'node:test';
import { ensureDependencies } from './install-dependencies.mjs';
import { whyNotInstalled } from './installed-files.mjs';

/**
 * A project with an npm of its own, which installs by copying the folder `registry` and notes that it was called.
 */
function project(t) {
  const root = mkdtempSync(path.join(tmpdir(), 'flotilla-bootstrap-'));
  t.after(() => rmSync(root, { recursive: true, force: true }));
  const write = (file, content) => {
    mkdirSync(path.dirname(path.join(root, file)), { recursive: true });
    writeFileSync(path.join(root, file), typeof content === 'string' ? content : JSON.stringify(content));
  };
  const a = { version: '1.0.0', integrity: 'sha512-a' };
  write('package.json', { dependencies: { a: '1.0.0' } });
  write('package-lock.json', { packages: { '': { dependencies: { a: '1.0.0' } }, 'node_modules/a': a } });
  write('registry/.package-lock.json', { packages: { 'node_modules/a': a } });
  write('registry/a/package.json', { name: 'a', version: '1.0.0' });
  write('registry/a/index.js', 'export const a = 1;\n');
  write('registry/a/readme.md', 'read me');
  write(
    'npm-cli.mjs',
    `import { appendFileSync, cpSync, rmSync } from 'node:fs';
     appendFileSync('installs', 'x');
     rmSync('node_modules', { recursive: true, force: true });
     cpSync('registry', 'node_modules', { recursive: true });`,
  );
  const said = [];
  const start = (platform = 'here') =>
    ensureDependencies({
      root,
      platform,
      say: (text) => said.push(text),
      env: { ...process.env, npm_execpath: path.join(root, 'npm-cli.mjs') },
      withLock: (run) => run({ addHolder() {} }),
    });
  const installs = () => readFileSync(path.join(root, 'installs'), 'utf8').length;
  return { root, write, said, start, installs, at: (file) => path.join(root, 'node_modules', file) };
}

test('dependencies are installed once', async (t) => {
  const { start, installs } = project(t);
  for (let starts = 0; starts < 3; starts += 1) await start();
  assert.equal(installs(), 1);
});

const damages = {
  'a package that is gone': ({ at }) => rmSync(at('a'), { recursive: true }),
  'a file that is gone': ({ at }) => rmSync(at('a/index.js')),
  'a file that is cut off': ({ at }) => truncateSync(at('a/index.js'), 5),
  'an installation that was killed': ({ at }) => rmSync(at('.flotilla-installed')) ?? rmSync(at('.package-lock.json')),
  'a package that went after npm wrote its record, before the first start': ({ at }) =>
    rmSync(at('.flotilla-installed')) ?? rmSync(at('a/package.json')),
};
for (const [what, damage] of Object.entries(damages)) {
  test(`${what} is noticed, reported and repaired`, async (t) => {
    const made = project(t);
    await made.start();
    damage(made);
    await made.start();
    assert.equal(made.installs(), 2);
    assert.match(
      made.said.at(-2),
      /node_modules is damaged or outdated \(.*(files of a are|node_modules\/a|incomplete)/,
    );
    assert.equal(readFileSync(made.at('a/index.js'), 'utf8'), 'export const a = 1;\n');
    await made.start();
    assert.equal(made.installs(), 2, 'and then it is good');
  });
}

test('harmless changes are left alone: a longer file, a missing text', async (t) => {
  const { start, installs, at } = project(t);
  await start();
  appendFileSync(at('a/index.js'), 'console.log(a);\n');
  rmSync(at('a/readme.md'));
  await start();
  assert.equal(installs(), 1);
});

test('a folder from another platform is reinstalled only if a package for this one is missing', async (t) => {
  const { root, start, installs, write } = project(t);
  await start('darwin-arm64');
  await start('linux-x64');
  assert.equal(installs(), 1);
  const packages = {
    '': {},
    'node_modules/b': { version: '1.0.0', optional: true, os: ['linux'], cpu: ['x64'], libc: ['musl'] },
  };
  write('package-lock.json', { packages });
  write('node_modules/.package-lock.json', { packages: {} });
  write('package.json', {});
  assert.equal(whyNotInstalled(root, { os: 'linux', cpu: 'x64', libc: 'musl' }), 'node_modules/b is not installed');
  for (const other of [
    { os: 'darwin', cpu: 'x64' },
    { os: 'linux', cpu: 'arm64' },
    { os: 'linux', cpu: 'x64', libc: 'glibc' },
  ])
    assert.equal(whyNotInstalled(root, other), undefined);
});

test('an installation is complete if every required package has its locked version', (t) => {
  const { root, write } = project(t);
  const a = { version: '1.0.0', integrity: 'sha512-a' };
  write('package-lock.json', {
    packages: { '': {}, 'node_modules/a': a, 'node_modules/b': { version: '2.0.0', optional: true } },
  });
  assert.match(whyNotInstalled(root), /incomplete/);
  write('node_modules/a/package.json', { version: '1.0.0' });
  write('node_modules/.package-lock.json', { packages: { 'node_modules/a': a } });
  assert.equal(whyNotInstalled(root), undefined, 'what is optional may be absent');
  write('node_modules/.package-lock.json', { packages: { 'node_modules/a': { ...a, version: '1.0.1' } } });
  assert.equal(whyNotInstalled(root), 'node_modules/a is not version 1.0.0');
});

test('a package.json that does not match the lock file is reported with what to do, and nothing is changed', async (t) => {
  const { start, write, installs } = project(t);
  await start();
  write('package.json', { dependencies: { a: '1.0.0', c: '3.0.0' } });
  await assert.rejects(start(), {
    name: 'BootstrapFailure',
    message: /does not match package\.json\. Run "npm install"/,
  });
  assert.equal(installs(), 1);
});
