import { join } from 'node:path';
import { run, temporaryFolder } from '../engine/programs.ts';
import { testWithEachConsul } from './each-consul.ts';
import { goFor } from './go-for.ts';
import { runClient } from './run-client.ts';

testWithEachConsul('the official Go client registers, watches, locks and outlives a restart with', async (t, start) => {
  const go = goFor(t);
  if (go === undefined) return;
  const program = join(temporaryFolder(t), 'client');
  const cwd = join(import.meta.dirname, 'go');
  const built = await run(go, ['build', '-o', program, '.'], {
    cwd,
    env: { GOTOOLCHAIN: 'local' },
    timeoutMs: 240_000,
  });
  if (built.status !== 0) throw new Error(built.stderr);
  await using peer = await start();
  t.diagnostic((await runClient(program, [`127.0.0.1:${peer.port}`], peer)).join('; '));
});
