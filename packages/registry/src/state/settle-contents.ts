import type { StoreContents } from '../store/instance-store.ts';
import type { Draft } from '../write/draft.ts';
import { removalOf } from '../write/registration-changes.ts';
import type { WriteQueue } from '../write/write-queue.ts';
import type { LiveState } from './live-state.ts';

/**
 * Brings what a store held to the rules of today: of several services at one address and port, as earlier versions
 * allowed, the newest stays, and what operators wished for instances that went too long ago is forgotten.
 */
export async function settleContents(
  { instances, maintenance }: StoreContents,
  { catalog }: LiveState,
  writes: WriteQueue<Draft>,
  now: { readonly nowMs: number; readonly keepMaintenanceMs: number },
): Promise<void> {
  const settled: Promise<void>[] = [];
  for (const { record } of instances) {
    const { name, id, address, port } = record;
    const entry = catalog.get(name, id);
    if (entry === undefined || catalog.isAtItsEndpoint(entry)) continue;
    settled.push(
      writes.submit((draft) => {
        const present = draft.get(name, id);
        const isAlone = draft.at(address, port)?.entry === entry;
        const changes = present?.entry !== entry || isAlone ? [] : removalOf(draft, present, 'replaced', now.nowMs);
        return { changes, finish: () => {} };
      }),
    );
  }
  for (const { name, id, goneMs } of maintenance) {
    if (goneMs === undefined || now.nowMs - goneMs <= now.keepMaintenanceMs) continue;
    settled.push(writes.submit(() => ({ changes: [{ kind: 'end-maintenance', name, id }], finish: () => {} })));
  }
  await Promise.all(settled);
}
