import type { Clock } from '@flotilla/contracts';
import type { TrailLine } from '../store/trail-line.ts';
import type { Actor } from '../write/actor.ts';
import type { Decision } from '../write/draft.ts';
import { type Before, happeningsOf } from './happenings.ts';
import { lineOf } from './trail-line-of.ts';

/** Who acts when nobody has asked for it. */
export const registryActor: Actor = { via: 'registry' };

/** Makes what the audit trail says of each write, as it is decided. */
export function trailOf(clock: Pick<Clock, 'now'>, before: Before): (decision: Decision) => readonly TrailLine[] {
  return ({ changes, actor = registryActor }) => {
    const atMs = clock.now();
    const { via, client, accessor } = actor;
    const by = { via, ...(client === undefined ? {} : { client }), ...(accessor === undefined ? {} : { accessor }) };
    return happeningsOf(changes, before).map((happening) => lineOf({ ...happening, by }, atMs));
  };
}
