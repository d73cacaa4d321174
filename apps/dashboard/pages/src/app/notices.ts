import { type ReadonlySignal, signal } from '@preact/signals';

/** Something that was done, or could not be. */
export interface Notice {
  readonly id: number;
  readonly tone: 'done' | 'failed';
  readonly text: string;
}

/** What the reader is told in passing. A failure stays until it is closed; what was done goes by itself. */
export interface Notices {
  readonly all: ReadonlySignal<readonly Notice[]>;
  add(tone: Notice['tone'], text: string): void;
  close(id: number): void;
}

/** No notices yet. `doneForMs`: how long one about something done is there. */
export function createNotices(doneForMs = 4_000): Notices {
  const all = signal<readonly Notice[]>([]);
  let nextId = 1;
  const close = (id: number): void => {
    all.value = all.value.filter((notice) => notice.id !== id);
  };
  return {
    all,
    close,
    add: (tone, text) => {
      const id = nextId++;
      all.value = [...all.value.filter((notice) => notice.text !== text), { id, tone, text }];
      if (tone === 'done') setTimeout(() => close(id), doneForMs);
    },
  };
}
