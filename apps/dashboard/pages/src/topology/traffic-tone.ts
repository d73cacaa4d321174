import type { TrafficView } from '@flotilla/dashboard/wire';
import type { Tone } from '../ui/tone.ts';

/** More than this share of errors is marked as a failure; less, but not none, as a warning. */
const muchErrors = 0.05;
const someErrors = 0.005;

/** The colour of traffic: by its errors. */
export function toneOfTraffic({ errorShare }: TrafficView): Tone {
  if (errorShare >= muchErrors) return 'bad';
  return errorShare >= someErrors ? 'warn' : 'calm';
}
