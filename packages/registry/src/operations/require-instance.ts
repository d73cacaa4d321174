import { AppError } from '@flotilla/contracts';
import type { InstanceEntry } from '../catalog/instance-entry.ts';
import type { ServiceCatalog } from '../catalog/service-catalog.ts';
import type { Draft } from '../write/draft.ts';

export function instanceNotFound(name: string, id: string): AppError {
  return new AppError('INSTANCE_NOT_FOUND', { parameters: { name, id } });
}

/** The instance that a write is about. @throws {AppError} INSTANCE_NOT_FOUND */
export function requireInstance(draft: Draft, name: string, id: string): InstanceEntry {
  const present = draft.get(name, id);
  if (present === undefined) throw instanceNotFound(name, id);
  return present;
}

/** An instance that was written just now. @throws {AppError} REVISION_CONFLICT if it is gone again */
export function requireWritten(catalog: Pick<ServiceCatalog, 'get'>, name: string, id: string): InstanceEntry {
  const entry = catalog.get(name, id);
  if (entry !== undefined) return entry;
  throw new AppError('REVISION_CONFLICT', {
    detail: `The instance ${name}/${id} was removed at the same moment`,
    retryAfterMs: 1_000,
  });
}
