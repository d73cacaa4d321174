import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Manifest, PublicPackage } from './manifest.ts';
import { type PublishedManifest, publishedManifest } from './published-manifest.ts';

const workspace = (manifest: Partial<Manifest> & { readonly name: string }): PublicPackage => ({
  folder: `packages/${manifest.name}`,
  manifest: { version: '1.2.3', type: 'module', flotilla: { publish: true }, ...manifest },
});

const wire = workspace({ name: '@f/wire', exports: { '.': './src/index.ts' }, dependencies: { zod: '4.6.7' } });
const kit = workspace({
  name: '@f/kit',
  exports: { './a': './src/a/index.ts', './b': './src/b.ts' },
  dependencies: { '@f/wire': '1.2.3', fastify: '5.12.8' },
});
const program = workspace({
  name: '@f/program',
  bin: { run: './src/main.ts' },
  exports: { './package.json': './package.json' },
  files: ['templates'],
  dependencies: { '@f/kit': '1.2.3' },
});

function published(one: PublicPackage): PublishedManifest {
  return publishedManifest(one, { packages: [wire, kit, program], node: '>=24' });
}

test('exports name built files, types first', () => {
  assert.deepEqual(published(kit)['exports'], {
    './a': { types: './dist/a/index.d.ts', default: './dist/a/index.js' },
    './b': { types: './dist/b.d.ts', default: './dist/b.js' },
    './package.json': './package.json',
  });
  assert.deepEqual(Object.keys((published(kit)['exports'] as { './a': object })['./a']), ['types', 'default']);
});

test('our packages must have the same version, libraries may be newer', () => {
  assert.deepEqual(published(kit)['dependencies'], { '@f/wire': '1.2.3', fastify: '^5.12.8' });
});

test('zod is a peer of every library that needs it, even indirectly, and a dependency of a program', () => {
  assert.deepEqual(published(wire)['peerDependencies'], { zod: '^4.6.7' });
  assert.equal(published(wire)['dependencies'], undefined);
  assert.deepEqual(published(kit)['peerDependencies'], { zod: '^4.6.7' });
  assert.deepEqual(published(program)['dependencies'], { '@f/kit': '1.2.3', zod: '^4.6.7' });
  assert.equal(published(program)['peerDependencies'], undefined);
});

test('a program has its command and its listed folders', () => {
  assert.deepEqual(published(program)['bin'], { run: 'bin/run.js' });
  assert.deepEqual(published(program)['files'], ['bin', 'dist', 'src', 'templates']);
  assert.deepEqual(published(program)['exports'], { './package.json': './package.json' });
});

test('fields only for the repository are left out', () => {
  for (const name of ['private', 'scripts', 'devDependencies', 'flotilla'])
    assert.ok(!(name in published({ ...kit, manifest: { ...kit.manifest, [name]: {} } })), name);
});
