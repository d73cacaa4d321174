import { homedir } from 'node:os';
import { join } from 'node:path';

/**
 * Where servers and clients of other people are kept between runs, outside the repository: `CLIENTS_CACHE`, by default
 * `flotilla-clients` in the user's cache folder.
 */
export function cacheFolder(): string {
  const { CLIENTS_CACHE, XDG_CACHE_HOME } = process.env;
  return CLIENTS_CACHE ?? join(XDG_CACHE_HOME ?? join(homedir(), '.cache'), 'flotilla-clients');
}
