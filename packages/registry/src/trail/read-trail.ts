import type { RecordStore } from '../store/record-store.ts';
import type { TrailQuery } from '../store/trail-line.ts';
import { noteOf } from './trail-line-of.ts';
import type { TrailNote } from './trail-note.ts';

/** One entry of the audit trail, as it is shown. */
export type TrailEntry = {
  /** Where it is in the trail: the higher, the later. */
  readonly place: number;
  /** The revision of the commit that it is about. */
  readonly revision: number;
  /** RFC 3339, UTC. */
  readonly at: string;
} & TrailNote;

/** Entries of the audit trail, the newest first. */
export interface TrailEntries {
  readonly entries: readonly TrailEntry[];
  /** Where older ones begin, as `before`; undefined if there are none. */
  readonly next?: number | undefined;
}

/** The most parts of the trail looked through for one answer: more than there are, but for who keeps a very long trail. */
const maxReads = 64;

/** Reads the audit trail. A store looks through a part of it at a time, and others are served in between. */
export async function readTrail(store: Pick<RecordStore, 'readTrail'>, query: TrailQuery): Promise<TrailEntries> {
  const entries: TrailEntry[] = [];
  let next = query.before;
  for (let reads = 0; reads < maxReads; reads += 1) {
    const page = await store.readTrail({ ...query, before: next, limit: query.limit - entries.length });
    for (const line of page.lines) {
      const note = noteOf(line);
      const { place, revision, atMs } = line;
      if (note !== undefined) entries.push({ place, revision, at: new Date(atMs).toISOString(), ...note });
    }
    next = page.next;
    if (next === undefined || entries.length >= query.limit) break;
    await new Promise((resolve) => setImmediate(resolve));
  }
  return next === undefined ? { entries } : { entries, next };
}
