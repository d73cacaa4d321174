import type { KeyRecord } from '@flotilla/contracts';
import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import { troubleOf } from '../api/trouble.ts';
import { useApp, useTexts } from '../app/app.ts';
import { Button } from '../ui/button.tsx';
import { useTroubleText } from '../ui/note.tsx';
import { pathOfKey } from './key-paths.ts';
import { registryTexts } from './registry-texts.ts';

/** The value of a key that is hidden until somebody asks for it. */
export function RevealedValue({ name }: { readonly name: string }): JSX.Element {
  const texts = useTexts(registryTexts);
  const { api, notices } = useApp();
  const troubleText = useTroubleText();
  const [value, setValue] = useState<string | undefined>(undefined);
  const reveal = async (): Promise<void> => {
    try {
      const record = await api.read<KeyRecord>(`${pathOfKey(name)}?reveal=true`);
      setValue(record.value ?? '');
    } catch (error) {
      notices.add('failed', troubleText(troubleOf(error)));
    }
  };
  if (value !== undefined) return <code class="preview">{value}</code>;
  return (
    <span class="line">
      <span class="muted">{texts.hidden}</span>
      <Button look="quiet" label={texts.reveal(name)} icon="search" onClick={() => void reveal()} />
    </span>
  );
}
