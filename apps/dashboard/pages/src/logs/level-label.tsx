import type { LogLevel } from '@flotilla/dashboard/wire';
import type { JSX } from 'preact';
import type { Tone } from '../ui/tone.ts';
import './log-parts.css';

/** What the colour of a level means. */
export function levelTone(level: LogLevel): Tone | undefined {
  switch (level) {
    case 'fatal':
    case 'error':
      return 'bad';
    case 'warn':
      return 'warn';
    case 'info':
      return 'calm';
    case 'debug':
    case 'trace':
      return undefined;
    default:
      return level satisfies never;
  }
}

/** A level as logs write it, in its colour. */
export function LevelLabel({ level }: { readonly level: LogLevel }): JSX.Element {
  return (
    <span class="level" data-tone={levelTone(level)}>
      {level.toUpperCase()}
    </span>
  );
}
