import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { engineCache } from '@flotilla/conformance/registries';
import { missing } from '../engine/programs.ts';
import { testWithEachConsul } from './each-consul.ts';
import { runClient } from './run-client.ts';

const python = join(engineCache, 'python/bin/python');

testWithEachConsul('py-consul registers, watches, locks and outlives a restart with', async (t, start) => {
  if (!existsSync(python)) return missing(t, 'py-consul is not installed (tests/clients/install.sh)', 'python');
  await using peer = await start();
  const lines = await runClient(python, [join(import.meta.dirname, 'python/consul_client.py'), `${peer.port}`], peer);
  t.diagnostic(lines.join('; '));
});
