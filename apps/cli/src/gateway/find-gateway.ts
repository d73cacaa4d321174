import type { Given } from '../arguments/given.ts';
import { Mistake } from '../arguments/mistake.ts';
import type { Cli } from '../arguments/verb.ts';
import { allRunning, NotRunning } from '../running/find-running.ts';

/** The address of the gateway. Throws a {@link Mistake} for an invalid URL. */
export async function findGateway(given: Given, cli: Cli): Promise<URL> {
  const named = given.value('--gateway');
  if (named !== undefined) return gatewayUrl('--gateway', named);
  try {
    const running = await allRunning(given, cli);
    const [url] = running.flatMap(({ report }) =>
      report.processes.flatMap(({ role, url: its }) => (role === 'gateway' && its !== null ? its : [])),
    );
    if (url !== undefined) return new URL(url);
  } catch (error) {
    // No project, no fleet: it may be on another machine all the same.
    if (!(error instanceof NotRunning)) throw error;
  }
  const set = cli.env['GATEWAY_URL'] ?? '';
  return set === '' ? new URL('http://127.0.0.1:8080') : gatewayUrl('GATEWAY_URL', set);
}

function gatewayUrl(from: string, text: string): URL {
  const url = URL.parse(text.trim());
  if (url !== null && /^https?:$/.test(url.protocol)) return url;
  throw new Mistake(`${from}: "${text}" is not the URL of a gateway. Write, for example, http://127.0.0.1:8080`);
}
