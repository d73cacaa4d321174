import { join } from 'node:path';
import { before } from 'node:test';
import { testWithEachEureka } from './each-eureka.ts';
import { installNpmClients, npmFolder } from './npm-clients.ts';
import { runClient } from './run-client.ts';

before(installNpmClients);

testWithEachEureka(
  'the npm package "eureka-js-client" registers, finds and outlives a restart with',
  async (t, start) => {
    await using peer = await start();
    const args = [join(npmFolder, 'eureka-client.mjs'), `${peer.port}`, '/eureka/apps/'];
    t.diagnostic((await runClient(process.execPath, args, peer)).join('; '));
  },
);
