#!/usr/bin/env node
import { runWorkers } from '@flotilla/kit/workers';

// The gateway's own code is loaded in the workers alone.
await runWorkers(process, async () => {
  const { runGateway } = await import('./run-gateway.ts');
  return (seat) => runGateway(process, seat);
});
