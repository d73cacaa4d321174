import type { ComponentChildren, JSX } from 'preact';
import type { Tone } from './tone.ts';

/** A word that stands out by its colour. */
export function Badge({ tone, children }: { readonly tone: Tone; readonly children: ComponentChildren }): JSX.Element {
  return (
    <span class="badge" data-tone={tone}>
      {children}
    </span>
  );
}

/** A state in a word, with a dot. `isPassing`: it will be another soon, so the dot pulses. */
export function StateLabel({
  tone,
  isPassing = false,
  children,
}: {
  readonly tone: Tone;
  readonly isPassing?: boolean;
  readonly children: ComponentChildren;
}): JSX.Element {
  return (
    <span class="state" data-tone={tone}>
      <span class="dot" data-pulse={isPassing ? '' : undefined} />
      {children}
    </span>
  );
}
