import type { KeyRecord } from '@flotilla/contracts';
import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import { useApp, useTexts } from '../app/app.ts';
import { Button } from '../ui/button.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { Note } from '../ui/note.tsx';
import { uiTexts } from '../ui/ui-texts.ts';
import { registryTexts } from './registry-texts.ts';
import { useKeyWrites } from './use-key-writes.ts';

/** Writes a key: a new one if there is no record. */
export function KeyDialog({
  record,
  newKey,
  onClose,
}: {
  readonly record: KeyRecord | undefined;
  /** What a new key begins with. */
  readonly newKey: string;
  readonly onClose: () => void;
}): JSX.Element {
  const texts = useTexts(registryTexts);
  const { cancel } = useTexts(uiTexts);
  const { notices } = useApp();
  const writes = useKeyWrites();
  const [key, setKey] = useState(record?.key ?? newKey);
  const [value, setValue] = useState(record?.value ?? '');
  const save = async (): Promise<void> => {
    if (!(await writes.write(key, value, record?.revision ?? 0))) return;
    notices.add('done', texts.saved(key));
    onClose();
  };
  return (
    <Dialog
      title={record === undefined ? texts.newKey : texts.editKey(record.key)}
      onClose={onClose}
      onSubmit={() => void save()}
      foot={
        <>
          <Button onClick={onClose}>{cancel}</Button>
          <Button look="main" type="submit" disabled={writes.isBusy || key === ''}>
            {texts.save}
          </Button>
        </>
      }
    >
      <div class="stack">
        {record === undefined && (
          <label class="field">
            <span>{texts.keyName}</span>
            <input class="input mono" value={key} onInput={(event) => setKey(event.currentTarget.value)} />
          </label>
        )}
        <label class="field">
          <span>{texts.keyValue}</span>
          <textarea
            class="input"
            rows={8}
            spellcheck={false}
            value={value}
            onInput={(event) => setValue(event.currentTarget.value)}
          />
        </label>
        {writes.problem !== undefined && <Note tone="bad">{writes.problem}</Note>}
      </div>
    </Dialog>
  );
}

/** Asks before a key is deleted. */
export function DeleteKeyDialog({
  record,
  onClose,
}: {
  readonly record: KeyRecord;
  readonly onClose: () => void;
}): JSX.Element {
  const texts = useTexts(registryTexts);
  const { cancel } = useTexts(uiTexts);
  const { notices } = useApp();
  const writes = useKeyWrites();
  const remove = async (): Promise<void> => {
    if (!(await writes.remove(record.key, record.revision))) return;
    notices.add('done', texts.deleted(record.key));
    onClose();
  };
  return (
    <Dialog
      title={texts.askDelete(record.key)}
      onClose={onClose}
      onSubmit={() => void remove()}
      foot={
        <>
          <Button onClick={onClose}>{cancel}</Button>
          <Button look="main" type="submit" disabled={writes.isBusy}>
            {texts.delete}
          </Button>
        </>
      }
    >
      <div class="stack">
        <p>{texts.askDeleteText}</p>
        {writes.problem !== undefined && <Note tone="bad">{writes.problem}</Note>}
      </div>
    </Dialog>
  );
}
