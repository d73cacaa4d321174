import { type Fleet, loadFleet } from '@flotilla/fleet/config';
import type { Given } from '../arguments/given.ts';
import { Mistake } from '../arguments/mistake.ts';
import type { Cli } from '../arguments/verb.ts';
import { allRunning, NotRunning } from '../running/find-running.ts';

/** The address of the registry, if it is known. Throws a {@link Mistake} for an invalid URL. */
export async function findRegistry(given: Given, cli: Cli): Promise<URL> {
  const named = given.value('--registry');
  if (named !== undefined) return registryUrl('--registry', named);
  try {
    const running = await allRunning(given, cli);
    const urls = running.flatMap(({ report }) =>
      report.processes.flatMap(({ role, url }) => (role === 'registry' && url !== null ? url : [])),
    );
    if (urls[0] !== undefined) return new URL(urls[0]);
  } catch (error) {
    // No project, no fleet: it may be on another machine all the same.
    if (!(error instanceof NotRunning)) throw error;
  }
  const set = cli.env['REGISTRY_URL'] ?? '';
  if (set !== '') return registryUrl('REGISTRY_URL', set.split(',')[0] ?? '');
  const loaded = await loadFleet({ folder: cli.cwd, file: given.value('--config'), besides: [import.meta.filename] });
  return new URL(`http://127.0.0.1:${(loaded.ok ? registryPort(loaded.fleet) : undefined) ?? 8500}`);
}

function registryPort({ programs }: Fleet): number | undefined {
  const port = programs.find(({ role }) => role === 'registry')?.defaultPort;
  return port === 'free' ? undefined : port;
}

function registryUrl(from: string, text: string): URL {
  const url = URL.parse(text.trim().replace(/^flotilla\+(?=https?:)/i, ''));
  if (url !== null && /^https?:$/.test(url.protocol)) return url;
  if (/^(?:(?:consul|eureka)\+https?|dns|static|file):/i.test(text.trim()))
    throw new Mistake(
      `${from} names a registry that is not Flotilla's, and this command asks only those. Use the tools of that registry, or name one of Flotilla's: --registry http://host:8500`,
    );
  throw new Mistake(`${from}: "${text}" is not the URL of a registry. Write, for example, http://127.0.0.1:8500`);
}
