import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import { troubleOf } from '../api/trouble.ts';
import { useApp, useTexts } from '../app/app.ts';
import { Button } from '../ui/button.tsx';
import { useTroubleText } from '../ui/note.tsx';
import { registryTexts } from './registry-texts.ts';

/** Lets an instance finish what it has begun and get nothing new, or ends that. */
export function DrainButton({
  service,
  id,
  isDraining,
  onDone,
}: {
  readonly service: string;
  readonly id: string;
  readonly isDraining: boolean;
  readonly onDone: () => void;
}): JSX.Element {
  const texts = useTexts(registryTexts);
  const { api, notices } = useApp();
  const troubleText = useTroubleText();
  const [isBusy, setBusy] = useState(false);
  const change = async (): Promise<void> => {
    setBusy(true);
    const path = `/api/registry/services/${encodeURIComponent(service)}/instances/${encodeURIComponent(id)}/draining`;
    try {
      await api.send('PUT', path, { draining: !isDraining });
      onDone();
    } catch (error) {
      notices.add('failed', `${id}: ${troubleText(troubleOf(error))}`);
    } finally {
      setBusy(false);
    }
  };
  return (
    <Button disabled={isBusy} onClick={() => void change()}>
      {isDraining ? texts.endDrain : texts.drain}
    </Button>
  );
}
