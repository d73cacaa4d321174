import type { InstanceStatus } from '@flotilla/contracts';
import type { JSX } from 'preact';
import { useTexts } from '../app/app.ts';
import { Badge } from '../ui/badge.tsx';
import type { Tone } from '../ui/tone.ts';
import { registryTexts } from './registry-texts.ts';

const tones: Readonly<Record<InstanceStatus, Tone>> = {
  passing: 'good',
  warning: 'warn',
  critical: 'bad',
  maintenance: 'calm',
};

/** What the checks of an instance say, in its colour. */
export function StatusBadge({ status }: { readonly status: InstanceStatus }): JSX.Element {
  const { statuses } = useTexts(registryTexts);
  return <Badge tone={tones[status]}>{statuses[status]}</Badge>;
}
