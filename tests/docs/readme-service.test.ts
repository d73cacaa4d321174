import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, suite, test } from 'node:test';
import { type Program, spawnProgram } from '@flotilla/testing';
import { readDocument, repository } from './documents.ts';

const snippets = readDocument('README.md').blocks.filter((block) => block.info === 'ts');
const snippet = snippets[0]?.text ?? '';

suite('the service in the README', { timeout: 60_000 }, () => {
  // Inside the repository, where its packages are found, in a place that git ignores.
  mkdirSync(join(repository, '.flotilla'), { recursive: true });
  const folder = mkdtempSync(join(repository, '.flotilla', 'readme-'));
  const file = join(folder, 'main.ts');
  let registry: Program;
  let service: Program;

  before(async () => {
    writeFileSync(file, snippet);
    const env = { SERVER_PORT: '0', SERVER_HOST: '127.0.0.1', LOG_LEVEL: 'error' };
    registry = await spawnProgram({
      entry: join(repository, 'apps/service-registry/src/main.ts'),
      env: { ...env, DATABASE_URL: `sqlite:${join(folder, 'registry.db')}` },
    });
    service = await spawnProgram({ entry: file, env: { ...env, REGISTRY_URL: registry.url } });
  });

  after(async () => {
    await Promise.all([registry?.kill(), service?.kill()]);
    rmSync(folder, { recursive: true, force: true });
  });

  test('is the only one, has at most twenty lines, and is that of the tour', () => {
    assert.equal(snippets.length, 1);
    assert.equal(readDocument('docs/tour/service.md').blocks.find((block) => block.info === 'ts')?.text, snippet);
    const code = snippet.split('\n').filter((line) => line.trim() !== '');
    assert.ok(code.length <= 20, `${code.length} lines`);
  });

  const find = (): Promise<Response> => fetch(`${registry.url}/service/greeting-service`);

  test('registers itself', async () => {
    // That goes on in the background after the start, so asks until it is there; the suite's timeout ends it.
    let answer = await find();
    while (answer.status !== 200) answer = await find();
    const found = (await answer.json()) as { address: string; port: number };
    assert.equal(`http://${found.address}:${found.port}`, service.url);
  });

  test('answers as the README says, and reports what is wrong with a request', async () => {
    const good = await fetch(`${service.url}/greeting?name=Ann`);
    assert.equal(good.status, 200);
    const shown = readDocument('README.md').inlineCode.find((code) => code.includes('Hello'));
    assert.equal(await good.text(), shown);
    const bad = await fetch(`${service.url}/greeting`);
    const problem = (await bad.json()) as { code: string; errors: { field: string }[] };
    assert.deepEqual([bad.status, problem.code, problem.errors[0]?.field], [400, 'INVALID_REQUEST', '?name']);
  });

  test('is healthy, ready and measured', async () => {
    for (const path of ['/health', '/ready', '/metrics']) {
      assert.equal((await fetch(service.url + path)).status, 200, path);
    }
  });

  test('deregisters and exits with 0 when told to stop', async () => {
    assert.deepEqual(await service.kill('SIGTERM'), { code: 0, signal: null });
    assert.equal((await find()).status, 404);
  });
});
