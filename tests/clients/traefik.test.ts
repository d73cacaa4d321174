import assert from 'node:assert/strict';
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { engineCache } from '@flotilla/conformance/registries';
import { fakeUpstream, freePort } from '@flotilla/testing';
import { eventually } from '../e2e/support/eventually.ts';
import { missing, Server, temporaryFolder } from '../engine/programs.ts';
import { testWithEachConsul } from './each-consul.ts';
import { put } from './send.ts';

const traefik = join(engineCache, 'traefik/bin/traefik');

testWithEachConsul('Traefik routes to what its consulCatalog finds, soon after it registers, at', async (t, start) => {
  if (!existsSync(traefik)) return missing(t, 'Traefik is not installed (tests/clients/install.sh)', 'traefik');
  const folder = temporaryFolder(t);
  await using peer = await start();
  await using shop = await fakeUpstream();
  shop.on('GET /*', { body: { from: 'one' } });
  await using other = await fakeUpstream();
  other.on('GET /*', { body: { from: 'two' } });
  const port = await freePort();
  writeFileSync(join(folder, 'traefik.json'), JSON.stringify(configuration(port, peer.port)));
  await using server = new Server(traefik, [`--configFile=${join(folder, 'traefik.json')}`], { HOME: folder });
  await server.accepting(port);
  const answer = async (): Promise<string> =>
    (await fetch(`http://127.0.0.1:${port}/`, { headers: { host: 'shop.test' } })).text();
  const register = (id: string, url: string): Promise<void> =>
    put(`${peer.url}/v1/agent/service/register`, {
      ID: id,
      Name: 'shop',
      Address: '127.0.0.1',
      Port: Number(new URL(url).port),
      Tags: ['traefik.enable=true', 'traefik.http.routers.shop.rule=PathPrefix(`/`)'],
      Check: { TTL: '60s', Status: 'passing' },
    });
  const until = async (what: string, isSo: () => Promise<boolean>): Promise<number> => {
    const beganMs = performance.now();
    await eventually(what, isSo);
    return Math.round(performance.now() - beganMs);
  };

  // What it does at its start is not what is measured.
  await register('warm', shop.url);
  await until('the route is there', async () => (await answer()).includes('one'));
  await put(`${peer.url}/v1/agent/service/deregister/warm`);
  await until('the route is gone', async () => (await answer()).includes('not found'));

  await register('shop-1', shop.url);
  const liveMs = await until('the route is there', async () => (await answer()).includes('one'));
  await register('shop-2', other.url);
  const secondMs = await until('both are used', async () => (await answer()).includes('two'));
  await put(`${peer.url}/v1/agent/check/fail/service:shop-1`);
  const failedMs = await until('one is used', async () => {
    const answers = [await answer(), await answer(), await answer(), await answer()];
    return answers.every((one) => one.includes('two'));
  });
  await peer.restart();
  await put(`${peer.url}/v1/agent/check/pass/service:shop-1`);
  const backMs = await until('both are used', async () => (await answer()).includes('one'));
  await put(`${peer.url}/v1/agent/service/deregister/shop-1`);
  await put(`${peer.url}/v1/agent/service/deregister/shop-2`);
  await until('the route is gone', async () => (await answer()).includes('not found'));
  t.diagnostic(
    `live after ${liveMs} ms, second ${secondMs} ms, failed ${failedMs} ms, back after a restart ${backMs} ms`,
  );
  assert.ok(liveMs < 1_000, `a registration is seen after ${liveMs} ms, not within a second`);
});

function configuration(port: number, consulPort: number): object {
  return {
    entryPoints: { web: { address: `127.0.0.1:${port}` } },
    log: { level: 'ERROR' },
    global: { checkNewVersion: false, sendAnonymousUsage: false },
    providers: {
      providersThrottleDuration: '100ms',
      consulCatalog: {
        watch: true,
        refreshInterval: '2s',
        exposedByDefault: false,
        endpoint: { address: `127.0.0.1:${consulPort}`, scheme: 'http' },
      },
    },
  };
}
