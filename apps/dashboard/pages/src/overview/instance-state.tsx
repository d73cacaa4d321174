import type { InstanceState } from '@flotilla/dashboard/wire';
import type { JSX } from 'preact';
import { useTexts } from '../app/app.ts';
import { StateLabel } from '../ui/badge.tsx';
import type { Tone } from '../ui/tone.ts';
import { overviewTexts } from './overview-texts.ts';

const tones: Readonly<Record<InstanceState, Tone>> = {
  healthy: 'good',
  starting: 'accent',
  degraded: 'warn',
  unhealthy: 'bad',
  draining: 'accent',
  restarting: 'warn',
  stopping: 'accent',
  stopped: 'calm',
  ended: 'calm',
  misconfigured: 'bad',
  unknown: 'calm',
};

const passing: ReadonlySet<InstanceState> = new Set(['starting', 'draining', 'restarting', 'stopping']);

/** A state of a program or an instance, in its colour. */
export function InstanceStateLabel({ state }: { readonly state: InstanceState }): JSX.Element {
  const texts = useTexts(overviewTexts);
  return (
    <StateLabel tone={tones[state]} isPassing={passing.has(state)}>
      {texts.states[state]}
    </StateLabel>
  );
}
