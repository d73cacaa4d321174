import { AppError } from '@flotilla/contracts';
import type { InstanceEntry } from '../catalog/instance-entry.ts';
import type { Draft } from '../write/draft.ts';

/** An instance that a write is about. @throws {AppError} INSTANCE_NOT_FOUND */
export function requireInstance(draft: Draft, name: string, id: string): InstanceEntry {
  const present = draft.get(name, id);
  if (present !== undefined) return present;
  throw new AppError('INSTANCE_NOT_FOUND', { parameters: { name, id } });
}
