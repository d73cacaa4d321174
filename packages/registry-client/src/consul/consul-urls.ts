import type { Reading } from '@flotilla/contracts';
import { type PrefixedUrls, readPrefixedUrls } from '../urls/prefixed-urls.ts';

/** Reads `consul+http://127.0.0.1:8500/?dc=west&tag=blue`. */
export function readConsulUrls(text: string): Reading<PrefixedUrls> {
  const read = readPrefixedUrls(text, {
    prefix: 'consul',
    defaultPorts: { http: 8_500, https: 8_501 },
    options: ['dc', 'tag', 'passing', 'stale'],
    pathProblem: (path) =>
      /\/(?:v1|ui)(?:\/|$)/.test(path) ? 'has a path of the API or the pages of Consul: remove it' : undefined,
  });
  if (!read.ok) return read;
  const { options } = read.value;
  for (const flag of ['passing', 'stale'])
    if (options.getAll(flag).some((value) => value !== '')) return { ok: false, problem: `has a value after ${flag}` };
  if (options.getAll('dc').length > 1) return { ok: false, problem: 'names several data centres' };
  return read;
}
