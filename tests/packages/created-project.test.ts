import assert from 'node:assert/strict';
import { execFile, spawn } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, suite, test } from 'node:test';
import { packPackages } from '../../scripts/release/pack-packages.ts';
import { repository } from '../docs/documents.ts';
import { type LocalRegistry, localRegistry } from './local-registry.ts';
import { npm as npmOf } from './tools.ts';

suite('a project made by npm create flotilla', { timeout: 600_000 }, () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'flotilla-created-'));
  const shop = path.join(folder, 'shop');
  let registry: LocalRegistry;

  const npm = (words: readonly string[], cwd = shop): Promise<Ended> =>
    run('npm', words, cwd, registry.url, { npm_config_cache: path.join(folder, 'cache') });

  before(async () => {
    shareDownloads(path.join(folder, 'cache'));
    registry = await localRegistry(packPackages(repository, path.join(folder, 'packages')));
    // One command, as a stranger types it; --yes is the answer to what npm asks before it runs a package.
    const made = await npm(['create', '--yes', 'flotilla', 'shop', '--', '--service', 'book'], folder);
    assert.equal(made.code, 0, made.output);
    assert.match(made.output, /Now:\n {2}cd shop\n {2}npm start\n/);
  });

  after(async () => {
    await registry?.[Symbol.asyncDispose]();
    rmSync(folder, { recursive: true, force: true });
  });

  test('passes its own lint, types and tests', async () => {
    const { code, output } = await npm(['run', 'check']);
    assert.equal(code, 0, output);
    assert.match(output, /pass [1-9]/);
  });

  test('starts, and its service is reached through the gateway', async () => {
    await using fleet = await startedFleet(shop);
    const body = JSON.stringify({ name: 'Dune' });
    const headers = { 'content-type': 'application/json' };
    const added = await fetch(`${fleet.gateway}/books`, { method: 'POST', headers, body });
    assert.equal(added.status, 201);
    assert.deepEqual(await (await fetch(`${fleet.gateway}/books/1`)).json(), { id: 1, name: 'Dune' });
  });

  test('can get another service, routes, an aggregate and a migration, and still passes', async () => {
    for (const words of [
      ['service', 'author', '--port', '8009'],
      ['route', '/authors/{id}/books', '--service', 'book'],
      ['aggregate', 'overview', '--service', 'book,author'],
      ['migration', 'add-isbn', '--service', 'book'],
    ]) {
      const { code, output } = await npm(['exec', 'flotilla', '--', 'new', ...words]);
      assert.equal(code, 0, output);
    }
    const { code, output } = await npm(['run', 'check']);
    assert.equal(code, 0, output);
    await using fleet = await startedFleet(shop);
    const headers = { 'content-type': 'application/json' };
    for (const list of ['books', 'authors']) {
      const body = JSON.stringify({ name: 'Second' });
      assert.equal((await fetch(`${fleet.gateway}/${list}`, { method: 'POST', headers, body })).status, 201, list);
    }
    const overview = (await (await fetch(`${fleet.gateway}/overview/1`)).json()) as Record<string, { name: string }>;
    assert.equal(overview['author']?.name, 'Second');
  });

  test('is not created over another one, and nothing is left half-finished', async () => {
    const again = await npm(['create', '--yes', 'flotilla', 'shop'], folder);
    assert.notEqual(again.code, 0);
    assert.match(again.output, /shop is not empty/);
    for (const [words, expected] of [
      [['My Shop'], /cannot be a project's name/],
      [['other', '--', '--service', 'Büch er'], /Try "buch-er"/],
      [[], /npm create flotilla my-fleet/],
    ] as const) {
      const { code, output } = await npm(['create', '--yes', 'flotilla', ...words], folder);
      assert.notEqual(code, 0);
      assert.match(output, expected);
    }
    assert.deepEqual(readdirSync(folder).sort(), ['cache', 'packages', 'shop']);
  });

  test('is complete without a network, and names what is left to do', async () => {
    const words = ['create', '--yes', 'flotilla', 'later', '--', '--no-install'];
    const { code, output } = await npm(words, folder);
    assert.equal(code, 0, output);
    assert.match(output, /cd later\n {2}npm install\n {2}npm start/);
    const tool = path.join(folder, 'later');
    assert.equal((await npm(['install', 'create-flotilla'], tool)).code, 0);
    const away = {
      npm_config_registry: 'http://127.0.0.1:1',
      npm_config_fetch_retries: '0',
      npm_config_cache: path.join(folder, 'empty-cache'),
    };
    const alone = await run(
      path.join(tool, 'node_modules/.bin/create-flotilla'),
      ['alone'],
      folder,
      registry.url,
      away,
    );
    assert.equal(alone.code, 1);
    assert.match(alone.output, /the project is complete.*were not installed.*\n.*cd alone && npm install/);
    assert.ok(existsSync(path.join(folder, 'alone/flotilla.config.ts')));
  });
});

/**
 * Makes a cache for npm that shares the downloads of the usual one. It does not share the packages that npm has installed to run
 * them, under which npm would find the `create-flotilla` of an earlier test: that has the same version as today's.
 */
function shareDownloads(cache: string): void {
  const downloads = path.join(npmOf(['config', 'get', 'cache'], import.meta.dirname).trim(), '_cacache');
  mkdirSync(downloads, { recursive: true });
  mkdirSync(cache);
  symlinkSync(downloads, path.join(cache, '_cacache'), 'junction');
}

interface Ended {
  readonly code: number | null;
  /** stdout and stderr. */
  readonly output: string;
}

/** Without the settings of an npm and a test runner that run this test: those below would take them for theirs. */
function environment(registryUrl: string): Record<string, string> {
  const own = Object.entries(process.env).filter(([name]) => !/^(?:npm_|NODE_)/.test(name));
  const settings = { npm_config_registry: registryUrl, npm_config_audit: 'false', npm_config_prefer_offline: 'true' };
  return { ...(Object.fromEntries(own) as Record<string, string>), ...settings };
}

function run(
  command: string,
  words: readonly string[],
  cwd: string,
  registryUrl: string,
  env: Readonly<Record<string, string>> = {},
): Promise<Ended> {
  return new Promise((resolve) => {
    const options = { cwd, env: { ...environment(registryUrl), ...env }, timeout: 240_000, maxBuffer: 2 ** 26 };
    const child = execFile(command, words, options, (_error, stdout, stderr) => {
      resolve({ code: child.exitCode, output: stdout + stderr });
    });
    child.stdin?.end();
  });
}

interface StartedFleet extends AsyncDisposable {
  readonly gateway: string;
}

/** `npm start` on free ports, until its banner says where the gateway is. */
async function startedFleet(cwd: string): Promise<StartedFleet> {
  const child = spawn('npm', ['start', '--', '--free-ports'], {
    cwd,
    env: environment(''),
    stdio: ['ignore', 'pipe', 'inherit'],
    detached: true,
  });
  const exited = new Promise<void>((resolve) => child.once('close', () => resolve()));
  let output = '';
  const gateway = await new Promise<string>((resolve, reject) => {
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      output += text;
      const url = /^ {2}gateway +(http:\S+)/m.exec(output)?.[1];
      if (url !== undefined) resolve(url);
    });
    void exited.then(() => reject(new Error(`The fleet ended:\n${output}`)));
  });
  return {
    gateway,
    async [Symbol.asyncDispose]() {
      // npm hands the signal on to what it has started.
      if (child.pid !== undefined) process.kill(-child.pid, 'SIGTERM');
      await exited;
    },
  };
}
