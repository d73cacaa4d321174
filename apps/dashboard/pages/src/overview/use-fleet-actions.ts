import type { ActionResult, ProgramAction, ScaleRequest } from '@flotilla/dashboard/wire';
import { useState } from 'preact/hooks';
import { troubleOf } from '../api/trouble.ts';
import { useApp, useTexts } from '../app/app.ts';
import { useTroubleText } from '../ui/note.tsx';
import { overviewTexts } from './overview-texts.ts';

/** What can be done to programs and instances, each by its name. */
export interface FleetActions {
  /** The names that something is being asked for. */
  readonly busy: ReadonlySet<string>;
  run(action: ProgramAction, name: string): void;
  scale(name: string, instances: number): void;
}

/** Asks the supervisor, and tells the reader what came of it. */
export function useFleetActions(): FleetActions {
  const { api, notices } = useApp();
  const texts = useTexts(overviewTexts);
  const troubleText = useTroubleText();
  const [busy, setBusy] = useState<ReadonlySet<string>>(new Set());

  const ask = async (name: string, verb: string, body: ScaleRequest | undefined, done: string): Promise<void> => {
    setBusy((before) => new Set([...before, name]));
    try {
      await api.send<ActionResult>('POST', `/api/programs/${encodeURIComponent(name)}/${verb}`, body);
      notices.add('done', done);
    } catch (error) {
      notices.add('failed', `${name}: ${troubleText(troubleOf(error))}`);
    } finally {
      setBusy((before) => new Set([...before].filter((each) => each !== name)));
    }
  };
  return {
    busy,
    run: (action, name) => void ask(name, action, undefined, texts.done[action](name)),
    scale: (name, instances) => void ask(name, 'scale', { instances }, texts.done.scale(name, instances)),
  };
}
