import type { registryTexts } from './registry-texts.ts';
import type { TrailEntry } from './registry-types.ts';

type Texts = (typeof registryTexts)['en'];

/** An entry of the trail as a phrase. What a newer registry knows and we do not is shown by its name. */
export function wordsFor(
  entry: TrailEntry,
  { happened, reasons, statuses }: Pick<Texts, 'happened' | 'reasons' | 'statuses'>,
): string {
  const { what, id = '', check = '', key = '', session = '', from = '', to = '' } = entry;
  switch (what) {
    case 'added':
      return happened.added(id, `${entry.address ?? ''}:${entry.port ?? ''}`);
    case 'changed':
      return happened.changed(id, (entry.changed ?? []).join(', '));
    case 'removed':
      return happened.removed(id, entry.reason === undefined ? '' : reasons[entry.reason]);
    case 'status':
      return happened.status(`${id} ${check}`, statusWord(from), statusWord(to));
    case 'check-added':
      return happened.checkAdded(`${id} ${check}`);
    case 'check-changed':
      return happened.checkChanged(`${id} ${check}`);
    case 'check-removed':
      return happened.checkRemoved(`${id} ${check}`);
    case 'maintenance':
      return happened.maintenance(id);
    case 'maintenance-ended':
      return happened.maintenanceEnded(id);
    case 'draining':
      return happened.draining(id);
    case 'draining-ended':
      return happened.drainingEnded(id);
    case 'suspect':
      return happened.suspect(id);
    case 'suspect-ended':
      return happened.suspectEnded(id);
    case 'key-written':
      return happened.keyWritten(key);
    case 'key-deleted':
      return happened.keyDeleted(key);
    case 'keys-deleted':
      return happened.keysDeleted(from);
    case 'session-created':
      return happened.sessionCreated(session);
    case 'session-ended':
      return happened.sessionEnded(session);
    case 'guard-opened':
      return happened.guardOpened;
    case 'guard-closed':
      return happened.guardClosed;
    default:
      return [what, id, key, entry.node].filter((each) => each !== undefined && each !== '').join(' ');
  }

  function statusWord(status: string): string {
    return Object.entries(statuses).find(([name]) => name === status)?.[1] ?? status;
  }
}
