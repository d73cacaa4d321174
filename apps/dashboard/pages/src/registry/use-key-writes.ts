import { useState } from 'preact/hooks';
import { type Trouble, troubleOf } from '../api/trouble.ts';
import { useApp, useTexts } from '../app/app.ts';
import { useTroubleText } from '../ui/note.tsx';
import { pathOfKey } from './key-paths.ts';
import { registryTexts } from './registry-texts.ts';

/** Writing keys from a dialog. */
export interface KeyWrites {
  readonly isBusy: boolean;
  /** Why the last write was refused, for people. */
  readonly problem: string | undefined;
  /** `revision`: what the reader has seen; 0 for a key that must be new. Gives whether it was written. */
  write(key: string, value: string, revision: number): Promise<boolean>;
  remove(key: string, revision: number): Promise<boolean>;
}

/** Writes only if nobody was faster, and says so if somebody was. */
export function useKeyWrites(): KeyWrites {
  const { api } = useApp();
  const texts = useTexts(registryTexts);
  const troubleText = useTroubleText();
  const [isBusy, setBusy] = useState(false);
  const [problem, setProblem] = useState<string | undefined>(undefined);

  const ask = async (send: () => Promise<unknown>): Promise<boolean> => {
    setBusy(true);
    setProblem(undefined);
    try {
      await send();
      return true;
    } catch (error) {
      setProblem(wordsFor(troubleOf(error)));
      return false;
    } finally {
      setBusy(false);
    }
  };
  return {
    isBusy,
    problem,
    write: (key, value, revision) => ask(() => api.sendText('PUT', `${pathOfKey(key)}?if_revision=${revision}`, value)),
    remove: (key, revision) => ask(() => api.send('DELETE', `${pathOfKey(key)}?if_revision=${revision}`)),
  };

  function wordsFor(trouble: Trouble): string {
    const isConflict = trouble.kind === 'refused' && (trouble.status === 409 || trouble.status === 412);
    return isConflict ? texts.conflict : troubleText(trouble);
  }
}
