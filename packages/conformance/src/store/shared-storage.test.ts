import type { RecordStore } from '@flotilla/registry';
import { recordStoreConformance } from '../suites/record-store.ts';
import { SharedStorage } from './shared-storage.ts';

recordStoreConformance('Storage shared in memory', async () => {
  let storage: SharedStorage | undefined;
  const open = async (owner: string): Promise<RecordStore> => (storage ??= new SharedStorage()).open(owner);
  return {
    open: () => open('one'),
    openAnother: () => open('two'),
    compact: async () => storage?.compact(),
    dispose: async () => {
      storage = undefined;
    },
  };
}, ['openAnother', 'compact']);
