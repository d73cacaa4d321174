import { join } from 'node:path';
import { before } from 'node:test';
import { testWithEachConsul } from './each-consul.ts';
import { installNpmClients, npmFolder } from './npm-clients.ts';
import { runClient } from './run-client.ts';

before(installNpmClients);

testWithEachConsul(
  'the npm package "consul" registers, watches, locks and outlives a restart with',
  async (t, start) => {
    await using peer = await start();
    const lines = await runClient(process.execPath, [join(npmFolder, 'consul-client.mjs'), `${peer.port}`], peer);
    t.diagnostic(lines.join('; '));
  },
);
