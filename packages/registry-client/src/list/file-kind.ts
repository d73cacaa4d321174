import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Clock, systemClock } from '@flotilla/contracts';
import { askingSource } from '../discovery/asking-source.ts';
import { discoveryOver } from '../discovery/discovery.ts';
import { SnapshotFeed } from '../discovery/snapshot-feed.ts';
import type { SnapshotSource } from '../discovery/snapshot-source.ts';
import type { RegistryKind } from '../registry-kind.ts';
import { parseListFile } from './list-file.ts';
import type { ServiceList } from './static-list.ts';
import { unannounced } from './unannounced.ts';

/**
 * How often the file is read. By the clock and not by the system's word for changes: that is missing for files that
 * are replaced through a link, as Kubernetes does, and on many network drives.
 */
const readEveryMs = 1_000;

/** A list in a JSON file, which is read again and again: for fleets whose machines something else keeps a list of. */
export const fileKind: RegistryKind = {
  prefixes: ['file:'],
  example: 'file:/etc/flotilla/fleet.json',
  expects: 'a JSON file with such a list, as file:/etc/flotilla/fleet.json',
  problemOf: (url) => (pathOf(url) === undefined ? 'names no file' : undefined),
  hostsOf: () => [],
  discovery(url, { logger, random = Math.random, clock = systemClock }) {
    const source = fileSource(pathOf(url) ?? '', clock);
    return discoveryOver({ clock, random, logger, feed: (parts) => new SnapshotFeed(source, parts) });
  },
  registrar: (_url, { logger }) => unannounced(logger),
};

/** `file:fleet.json` is looked for where the program was started; `file:///…` is a URL, with `%20` for a space. */
function pathOf(url: string): string | undefined {
  const text = url.trim();
  let path = text.slice('file:'.length);
  try {
    if (path.startsWith('//')) path = fileURLToPath(text);
  } catch {
    // It names another machine, or has a form that no path has.
    return undefined;
  }
  return path === '' || path.includes('\0') ? undefined : resolve(path);
}

interface ReadList {
  readonly bytes: Buffer;
  readonly list: ServiceList;
}

/** A file that is missing, or can't be understood, is a failure and no empty list. */
function fileSource(path: string, clock: Clock): SnapshotSource {
  return askingSource<ReadList>({
    clock,
    async ask(service, last, signal) {
      const bytes = await readFile(path, { signal });
      const list = last?.bytes.equals(bytes) === true ? last.list : parseListFile(bytes);
      return { endpoints: list.get(service) ?? [], againAfterMs: readEveryMs, cursor: { bytes, list } };
    },
  });
}
