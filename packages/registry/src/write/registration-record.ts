import { AppError, defaultLeaseMs, type InstanceStatus, type Registration } from '@flotilla/contracts';
import { defaultInstanceId } from '../catalog/endpoint.ts';
import type { InstanceEntry } from '../catalog/instance-entry.ts';
import { ownReport } from '../record/check.ts';
import type { InstanceValue } from '../record/instance.ts';
import type { Draft } from './draft.ts';

/**
 * The record a registration asks for, and the status its process reports.
 *
 * - Nobody is there: what it leaves out gets its default.
 * - It shows the token of who is there, or neither has one: the same. But the id, the time of the first registration and
 *   the status stay as they are, unless it names a status.
 * - It shows another token: another process has come to the place of the one before. It keeps the id, and nothing else.
 * - It shows none, and who is there has one: it renews for that one, and changes what it names. Its status is not its to
 *   change.
 *
 * @throws {AppError} REGISTRATION_HELD
 */
export function recordOf(
  draft: Draft,
  registration: Registration,
  token: string | undefined,
  there: InstanceEntry | undefined,
  nowMs: number,
): { readonly record: InstanceValue; readonly status: InstanceStatus } {
  const { name, address, port } = registration;
  const present = there?.record;
  const reported = present && draft.statuses.checkedBy(ownReport, name, present.id);
  const isVisitor = present?.token !== undefined && token === undefined;
  if (isVisitor && registration.status !== undefined && registration.status !== reported)
    throw new AppError('REGISTRATION_HELD', {
      detail: `Only the process of ${name}/${present.id} reports its status`,
    });
  const isSame = token === present?.token;
  const kept = isVisitor ? present : undefined;
  const ownToken = token ?? kept?.token;
  const record = {
    name,
    id: present?.id ?? registration.id ?? defaultInstanceId(name, address, port),
    address,
    port,
    tags: registration.tags ?? kept?.tags ?? [],
    metadata: registration.metadata ?? kept?.metadata ?? {},
    weight: registration.weight ?? kept?.weight ?? 1,
    lease_ms: registration.lease_ms ?? kept?.lease_ms ?? defaultLeaseMs,
    registered_at: (isVisitor || isSame ? present?.registered_at : undefined) ?? new Date(nowMs).toISOString(),
    ...(ownToken === undefined ? {} : { token: ownToken }),
    ...(present?.draining === true && (isVisitor || isSame) ? { draining: present.draining } : {}),
  };
  return { record, status: registration.status ?? (isVisitor || isSame ? reported : undefined) ?? 'passing' };
}
