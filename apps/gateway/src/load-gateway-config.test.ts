import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, test } from 'node:test';
import { ConfigurationError } from '@flotilla/kit/config';
import { loadGatewayConfig } from './load-gateway-config.ts';

const folder = await mkdtemp(path.join(tmpdir(), 'gateway-config-'));
after(() => rm(folder, { recursive: true }));

async function fileWith(name: string, text: string): Promise<string> {
  const file = path.join(folder, name);
  await writeFile(file, text);
  return file;
}

function refuses(expected: RegExp): (error: unknown) => boolean {
  return (error) => {
    assert.ok(error instanceof ConfigurationError);
    assert.match(error.message, expected);
    return true;
  };
}

test('the routes of this repository are valid', async () => {
  const config = await loadGatewayConfig(path.join(import.meta.dirname, '../../../gateway.config.ts'));
  assert.ok(config.routes.some((route) => route.match === '/api/user-with-orders'));
});

test('a file with mistakes is refused with all of them', async () => {
  const routes = `[{ kind: 'proxy', match: 'users', service: 's' }, { kind: 'proxy', match: '/a', service: '' }]`;
  const file = await fileWith('wrong.mjs', `export const gateway = { routes: ${routes} };`);
  await assert.rejects(loadGatewayConfig(file), refuses(/wrong\.mjs[^]*routes\[0\]\.match[^]*routes\[1\]\.service/));
});

test('a file that is missing, broken or exports something else is reported as such', async () => {
  await assert.rejects(
    loadGatewayConfig(path.join(folder, 'none.ts')),
    refuses(/find the file .*none\.ts.*GATEWAY_CONFIG/),
  );
  await assert.rejects(loadGatewayConfig(await fileWith('broken.mjs', 'export const')), refuses(/cannot load/));
  await assert.rejects(loadGatewayConfig(await fileWith('empty.mjs', '')), refuses(/must export "gateway"/));
});
