/**
 * The gateway as `flotilla up` runs it, with workers under a primary, and a fixed upstream in place of the registry.
 * Beside the settings of every program it reads `UPSTREAM_PORT` and, to serve HTTPS too, `TLS_PORT`, `TLS_CERT_FILE`
 * and `TLS_KEY_FILE`.
 */
import { runWorkers } from '@flotilla/kit/workers';

// As in the program itself, the gateway's code is loaded in the workers alone.
await runWorkers(process, async () => {
  const { runMeasuredGateway } = await import('./measured-gateway.ts');
  return (seat) => runMeasuredGateway(process, seat);
});
