import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Clock, systemClock } from '@flotilla/contracts';
import { type DeadlineOptions, startDeadline } from '@flotilla/contracts/time';
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

/** How long it may take to read it: a network drive that is away would let us wait for ever. */
const readLimitMs = 3_000;

/** A list in a JSON file, which is read again and again: for fleets whose machines something else keeps a list of. */
export const fileKind: RegistryKind = {
  prefixes: ['file:'],
  example: 'file:/etc/flotilla/fleet.json',
  expects: 'a JSON file with such a list, for example file:/etc/flotilla/fleet.json',
  problemOf: (url) => (pathOf(url) === undefined ? 'does not name a file' : undefined),
  hostsOf: () => [],
  discovery(url, { logger, random = Math.random, clock = systemClock }) {
    const source = fileSource(pathOf(url) ?? '', clock);
    return discoveryOver({ clock, random, logger, feed: (parts) => new SnapshotFeed(source, parts) });
  },
  registrar: (_url, { logger }) => unannounced(logger, 'a list', 'their list contains it'),
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

/** A file that is missing, hangs, or can't be understood, is a failure and no empty list. */
function fileSource(path: string, clock: Clock): SnapshotSource {
  // One read at a time, for all services: nothing ends one that hangs, and it holds one of the process's few threads.
  let reading: Promise<Buffer> | undefined;
  const read = (): Promise<Buffer> => {
    reading ??= readFile(path).finally(() => {
      reading = undefined;
    });
    return reading;
  };
  return askingSource<ReadList>({
    clock,
    async ask(service, last, signal) {
      const bytes = await inTime(read(), { clock, afterMs: readLimitMs, signal });
      const list = last?.bytes.equals(bytes) === true ? last.list : parseListFile(bytes);
      return { endpoints: list.get(service) ?? [], againAfterMs: readEveryMs, cursor: { bytes, list } };
    },
  });
}

/** What `read` gives, unless that takes too long. */
async function inTime(read: Promise<Buffer>, options: DeadlineOptions): Promise<Buffer> {
  const deadline = startDeadline(options);
  const { signal } = deadline;
  const { promise: over, reject } = Promise.withResolvers<never>();
  const end = (): void =>
    reject(deadline.exceeded ? new Error(`cannot read the file within ${options.afterMs} ms`) : signal.reason);
  if (signal.aborted) end();
  signal.addEventListener('abort', end);
  try {
    return await Promise.race([read, over]);
  } finally {
    deadline.cancel();
  }
}
