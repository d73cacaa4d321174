#!/usr/bin/env node
import { runWorkers } from '@flotilla/kit/workers';

if (process.argv.includes('--print-routes')) {
  const { printRoutes } = await import('./print-routes.ts');
  process.exitCode = await printRoutes(process, process.env['GATEWAY_CONFIG'] ?? 'gateway.config.ts');
} else {
  // The gateway's own code is loaded in the workers alone.
  await runWorkers(process, async () => {
    const { runGateway } = await import('./run-gateway.ts');
    return (seat) => runGateway(process, seat);
  });
}
