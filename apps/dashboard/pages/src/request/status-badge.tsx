import type { JSX } from 'preact';
import { useTexts } from '../app/app.ts';
import { Badge } from '../ui/badge.tsx';
import type { Tone } from '../ui/tone.ts';
import './request-parts.css';
import { requestTexts } from './request-texts.ts';

/** What the colour of a status means: the caller's mistakes are no failures of the fleet. */
export function statusTone(status: number): Tone {
  if (status === 0 || status >= 500) return 'bad';
  if (status >= 400) return 'warn';
  return status >= 300 ? 'calm' : 'good';
}

/** A status of HTTP; 0 says that nothing was answered. */
export function StatusBadge({ status }: { readonly status: number }): JSX.Element {
  const texts = useTexts(requestTexts);
  return <Badge tone={statusTone(status)}>{status === 0 ? texts.noAnswer : status}</Badge>;
}
