import assert from 'node:assert/strict';
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, suite, test } from 'node:test';
import { readDocument, repository } from './documents.ts';

/** What a program sends to whoever started it. */
interface ReadyMessage {
  readonly type: 'ready';
  readonly url: string;
}

suite('the service in the README', { timeout: 60_000 }, () => {
  // Inside the repository, where its packages are found, in a place that git ignores.
  mkdirSync(join(repository, '.flotilla'), { recursive: true });
  const folder = mkdtempSync(join(repository, '.flotilla', 'readme-'));
  const file = join(folder, 'main.ts');
  const started: ChildProcess[] = [];
  let registryUrl = '';
  let serviceUrl = '';

  async function start(program: string, env: Record<string, string>): Promise<string> {
    const child = spawn(process.execPath, [program], {
      cwd: folder,
      env: { PATH: process.env['PATH'], LOG_LEVEL: 'error', SERVER_PORT: '0', SERVER_HOST: '127.0.0.1', ...env },
      stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    });
    started.push(child);
    const failed = once(child, 'exit').then(([code]) => assert.fail(`${program} ended with ${code}`));
    const [message] = (await Promise.race([once(child, 'message'), failed])) as [ReadyMessage];
    failed.catch(() => undefined);
    assert.equal(message.type, 'ready');
    return message.url;
  }

  before(async () => {
    const shown = readDocument('README.md').blocks.filter((block) => block.info === 'ts');
    assert.equal(shown.length, 1);
    writeFileSync(file, shown[0]?.text ?? '');
    registryUrl = await start(join(repository, 'apps/service-registry/src/main.ts'), {
      DATABASE_URL: `sqlite:${join(folder, 'registry.db')}`,
    });
    serviceUrl = await start(file, { REGISTRY_URL: registryUrl });
  });

  after(async () => {
    await Promise.all(
      started.map(async (child) => {
        if (child.exitCode !== null || child.signalCode !== null) return;
        const ended = once(child, 'exit');
        child.kill('SIGTERM');
        await ended;
      }),
    );
    rmSync(folder, { recursive: true, force: true });
  });

  test('is about fifteen lines long', () => {
    const text = readDocument('README.md').blocks.find((block) => block.info === 'ts')?.text ?? '';
    const code = text.split('\n').filter((line) => line.trim() !== '');
    assert.ok(code.length <= 18, `${code.length} lines`);
  });

  test('has no type errors', () => {
    const flags = ['--noEmit', '--strict', '--target', 'es2024', '--module', 'nodenext', '--types', 'node'];
    const more = ['--allowImportingTsExtensions', '--skipLibCheck', '--ignoreConfig'];
    const tsc = join(repository, 'node_modules/.bin/tsc');
    const result = spawnSync(process.execPath, [tsc, ...flags, ...more, file], { cwd: repository, encoding: 'utf8' });
    assert.equal(result.stdout, '');
    assert.equal(result.status, 0);
  });

  test('registers itself', async () => {
    const found = await untilFound(`${registryUrl}/service/greeting-service`);
    assert.equal(`http://${found.address}:${found.port}`, serviceUrl);
  });

  test('answers, and says what is wrong with a bad request', async () => {
    const good = await fetch(`${serviceUrl}/greeting?name=Ann`);
    assert.deepEqual([good.status, await good.json()], [200, { text: 'Hello, Ann!' }]);
    const bad = await fetch(`${serviceUrl}/greeting`);
    const problem = (await bad.json()) as { code: string; errors: { field: string }[] };
    assert.deepEqual([bad.status, problem.code, problem.errors[0]?.field], [400, 'INVALID_REQUEST', '?name']);
  });

  test('is healthy, ready and measured', async () => {
    for (const path of ['/health', '/ready', '/metrics'])
      assert.equal((await fetch(serviceUrl + path)).status, 200, path);
  });

  test('deregisters and ends with 0 when it is told to stop', async () => {
    const service = started[1] ?? assert.fail('not started');
    const ended = once(service, 'exit');
    service.kill('SIGTERM');
    assert.deepEqual(await ended, [0, null]);
    assert.equal((await fetch(`${registryUrl}/service/greeting-service`)).status, 404);
  });
});

/** Registering goes on in the background after the start, so asks until it is there; the suite's timeout ends it. */
async function untilFound(url: string): Promise<{ address: string; port: number }> {
  for (;;) {
    const response = await fetch(url);
    if (response.status === 200) return (await response.json()) as { address: string; port: number };
    await response.body?.cancel();
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
